// Package text holds texts for people in both languages of the product.
package text

import (
	"fmt"
	"strings"
)

// A Lang is a language of the texts.
type Lang string

// The languages.
const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// A Text says one thing in English and in Chinese. Machine formats carry
// both; In picks one for people.
type Text struct {
	EN string `json:"en" yaml:"en"`
	ZH string `json:"zh" yaml:"zh"`
}

// Sprintf formats both languages with the same arguments. The Chinese format
// may use indexed verbs (%[2]d) where its word order differs.
func Sprintf(en, zh string, args ...any) Text {
	if len(args) == 0 {
		return Text{EN: en, ZH: zh}
	}
	return Text{EN: fmt.Sprintf(en, args...), ZH: fmt.Sprintf(zh, args...)}
}

// In returns the text in lang; English where the other one is missing.
func (t Text) In(lang Lang) string {
	if lang == Chinese && t.ZH != "" {
		return t.ZH
	}
	return t.EN
}

// IsZero reports whether nothing is said in either language.
func (t Text) IsZero() bool { return t == Text{} }

// Count returns n with its noun for an English text: "1 packet", "2 packets",
// "2 queries".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "ry"); ok {
		return fmt.Sprintf("%d %sries", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
