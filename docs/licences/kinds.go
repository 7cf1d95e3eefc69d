package main

import (
	"errors"
	"fmt"
	"strings"
)

// A kind is a licence, told by words that no other has.
type kind struct {
	name    string // SPDX identifier
	words   string // in lower case, without commas
	without string // words of another licence that has these as well
	allowed bool   // binaries may be given away under Apache-2.0 with its text beside them
}

const (
	endorse = "to endorse or promote products derived from"
	mozilla = "mozilla public license version 2.0"
)

// allKinds are the licences that are told apart. The MPL names the GNU licences
// as those that it may be exchanged for.
var allKinds = []kind{
	{name: "Apache-2.0", words: "apache license version 2.0", allowed: true},
	{name: "MIT", words: "permission is hereby granted free of charge to any person obtaining a copy", allowed: true},
	{name: "BSD-3-Clause", words: endorse, allowed: true},
	{name: "BSD-2-Clause", words: "redistribution and use in source and binary forms", without: endorse, allowed: true},
	{name: "ISC", words: "permission to use copy modify and/or distribute this software for any purpose", allowed: true},
	{name: "MPL-2.0", words: mozilla, allowed: true}, // section 3.2: the source is where the module's name says
	{name: "GPL", words: "gnu general public license", without: mozilla},
	{name: "AGPL", words: "gnu affero general public license", without: mozilla},
	{name: "LGPL", words: "gnu lesser general public license", without: mozilla},
	{name: "SSPL", words: "server side public license"},
	{name: "BUSL", words: "business source license"},
}

// find returns the licences in text: a module may hold code under several.
func find(text string) (found []kind) {
	text = strings.NewReplacer(",", "", "//", "").Replace(strings.ToLower(text))
	text = strings.Join(strings.Fields(text), " ")
	for _, k := range allKinds {
		if strings.Contains(text, k.words) && (k.without == "" || !strings.Contains(text, k.without)) {
			found = append(found, k)
		}
	}
	return found
}

// names returns the names of licences.
func names(list []kind) string {
	var names []string
	for _, k := range list {
		names = append(names, k.name)
	}
	return strings.Join(names, " ")
}

// allowed returns an error unless every licence in text is on the list, and
// there is one.
func allowed(text string) error {
	found := find(text)
	if len(found) == 0 {
		return errors.New("no licence that is known")
	}
	for _, k := range found {
		if !k.allowed {
			return fmt.Errorf("%s is not on the list of licences", k.name)
		}
	}
	return nil
}
