package main

import "testing"

func TestAllowed(t *testing.T) {
	const (
		mit  = "Permission is hereby granted, free of charge, to any person\nobtaining a copy of this software"
		bsd2 = "Redistribution and use in source and binary forms, with or without modification"
		bsd3 = bsd2 + " … may be used to endorse or promote products\nderived from this software"
		mpl  = "Mozilla Public License, version 2.0 … GNU General Public License, Version 2.0, the GNU Affero General Public License"
	)
	for _, tt := range []struct{ name, text, kinds, err string }{
		{"nothing", "", "", "no licence that is known"},
		{"own words", "Use it as you like.", "", "no licence that is known"},
		{"MIT, lines broken", mit, "MIT", ""},
		{"two clauses", bsd2, "BSD-2-Clause", ""},
		{"three clauses", bsd3, "BSD-3-Clause", ""},
		{"several", "Apache License\n  Version 2.0, January 2004\n" + mit + bsd3, "Apache-2.0 MIT BSD-3-Clause", ""},
		{"Mozilla, which names the GNU licences", mpl, "MPL-2.0", ""},
		{"GPL", "GNU GENERAL PUBLIC LICENSE\n Version 3", "GPL", "GPL is not on the list of licences"},
		{"MIT and GPL", mit + " GNU General Public License", "MIT GPL", "GPL is not on the list of licences"},
		{"Business Source", "Business Source License 1.1", "BUSL", "BUSL is not on the list of licences"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := names(find(tt.text)); got != tt.kinds {
				t.Errorf("licences %q, want %q", got, tt.kinds)
			}
			got := ""
			if err := allowed(tt.text); err != nil {
				got = err.Error()
			}
			if got != tt.err {
				t.Errorf("error %q, want %q", got, tt.err)
			}
		})
	}
}

// TestModules looks at the modules of the program.
func TestModules(t *testing.T) {
	t.Chdir("../..")
	list, err := modules()
	if err != nil || len(list) < 10 {
		t.Fatalf("%d modules, %v", len(list), err)
	}
	for _, m := range list {
		text, err := licence(m.dir)
		if err == nil {
			err = allowed(text)
		}
		if err != nil {
			t.Errorf("%s: %v", m.path, err)
		}
	}
}
