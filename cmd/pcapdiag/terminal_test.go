package main

import (
	"testing"

	"github.com/pcapdiag/pcapdiag/analyzer/text"
)

func TestLanguage(t *testing.T) {
	for _, tt := range []struct {
		name, flag string
		env        map[string]string
		want       text.Lang
	}{
		{"nothing set", "auto", nil, text.English},
		{"LANG", "auto", map[string]string{"LANG": "zh_CN.UTF-8"}, text.Chinese},
		{"LC_ALL goes before LANG", "auto", map[string]string{"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, text.English},
		{"LC_MESSAGES goes before LANG", "auto", map[string]string{"LC_MESSAGES": "zh_TW", "LANG": "en_US.UTF-8"}, text.Chinese},
		{"empty is as not set", "auto", map[string]string{"LC_ALL": "", "LANG": "zh_CN"}, text.Chinese},
		{"the flag goes before all", "en", map[string]string{"LC_ALL": "zh_CN"}, text.English},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(nil, nil)
			w.environ, w.lang = tt.env, tt.flag
			if got := w.language(); got != tt.want {
				t.Errorf("language %s, want %s", got, tt.want)
			}
		})
	}
}

func TestColored(t *testing.T) {
	for _, tt := range []struct {
		name, flag string
		tty, file  bool
		env        map[string]string
		want       bool
	}{
		{"terminal", "auto", true, false, nil, true},
		{"pipe", "auto", false, false, nil, false},
		{"file, with a terminal beside it", "auto", true, true, nil, false},
		{"NO_COLOR", "auto", true, false, map[string]string{"NO_COLOR": "1"}, false},
		{"NO_COLOR empty is as not set", "auto", true, false, map[string]string{"NO_COLOR": ""}, true},
		{"dumb terminal", "auto", true, false, map[string]string{"TERM": "dumb"}, false},
		{"always", "always", false, true, map[string]string{"NO_COLOR": "1"}, true},
		{"never", "never", true, false, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(nil, nil)
			w.outTTY, w.color, w.environ = tt.tty, tt.flag, tt.env
			if got := w.colored(tt.file); got != tt.want {
				t.Errorf("colored %t, want %t", got, tt.want)
			}
		})
	}
}
