package synladder

import "testing"

func TestFamily(t *testing.T) {
	for _, tt := range []struct {
		name string
		gaps []float64
		want string
	}{
		{"no gap", nil, "unknown"},
		{"one second fits two", []float64{1.003}, "unknown"},
		{"three seconds fit one", []float64{3.01}, "exponential-3s"},
		{"doubling from 1 s", []float64{1.003, 2.004}, "exponential-1s"},
		{"1 s again", []float64{1.01, 1.02}, "linear-then-exponential"},
		{"longest measured slack", []float64{1.011, 2.016, 4.192}, "exponential-1s"},
		{"5 % short", []float64{0.95, 1.9, 3.8}, "exponential-1s"},
		{"shorter than a timer can be", []float64{0.94, 1.9, 3.8}, "unknown"},
		{"longer than slack", []float64{1.2, 2.4, 4.8}, "unknown"},
		{"Windows 7", []float64{3.01, 6.01}, "exponential-3s"},
		{"an application's own timer", []float64{0.25, 0.25, 0.25}, "unknown"},
		{"later gaps do not matter", []float64{1, 2, 4, 100}, "exponential-1s"},
	} {
		if got := family(tt.gaps); got != tt.want {
			t.Errorf("%s: family %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHostSourced(t *testing.T) {
	for _, tt := range []struct {
		endpoint string
		want     bool
	}{
		{"10.244.0.0:2201", true},
		{"10.244.0.1:2201", false},
		{"10.244.0.10:2201", false},
		{"[fd00:10:244::]:2201", false},
		{"10.244.0.0", false},
	} {
		if got := hostSourced(tt.endpoint); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.endpoint, got, tt.want)
		}
	}
}
