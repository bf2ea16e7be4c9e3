package web

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var token = regexp.MustCompile(`--([a-z0-9-]+):light-dark\((#[0-9a-f]+),(#[0-9a-f]+)\)`)

func TestContrast(t *testing.T) {
	t.Parallel()
	css, err := files.ReadFile("static/lectern.css")
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string][2]string{}
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		tokens[m[1]] = [2]string{m[2], m[3]}
	}
	text, shape := 4.5, 3.0 // WCAG 1.4.3 and 1.4.11
	pairs := []struct {
		ink, ground string
		least       float64
	}{
		{"ink", "paper", text},
		{"ink", "surface", text},
		{"ink", "sunken", text},
		{"ink-2", "paper", text},
		{"ink-2", "surface", text},
		{"ink-2", "sunken", text},
		{"link", "paper", text},
		{"link", "surface", text},
		{"on-brand", "brand", text},
		{"on-brand", "brand-hover", text},
		{"brand", "paper", shape},
		{"focus", "paper", shape},
		{"focus", "surface", shape},
		{"line-strong", "surface", shape},
		{"line-strong", "paper", shape},
		{"neutral", "neutral-bg", text},
		{"info", "info-bg", text},
		{"review", "review-bg", text},
		{"good", "good-bg", text},
		{"warn", "warn-bg", text},
		{"bad", "bad-bg", text},
		{"warn", "surface", text},
		{"bad", "surface", text},
		{"bad", "paper", text},
		{"ink", "bad-bg", text},
		{"ink", "warn-bg", text},
		{"ink", "good-bg", text},
		{"ink", "info-bg", text},
		{"link", "bad-bg", text},
		{"link", "warn-bg", text},
		{"ink-2", "bad-bg", text},
	}
	for _, p := range pairs {
		for i, look := range []string{"light", "dark"} {
			if got := contrast(t, tokens[p.ink][i], tokens[p.ground][i]); got < p.least {
				t.Errorf("%s on %s, %s: %.2f, want %.1f", p.ink, p.ground, look, got, p.least)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	if len(hex) == 4 {
		hex = "#" + strings.Repeat(hex[1:2], 2) + strings.Repeat(hex[2:3], 2) + strings.Repeat(hex[3:4], 2)
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil || len(hex) != 7 {
		t.Fatalf("colour %q", hex)
	}
	linear := func(c uint64) float64 {
		v := float64(c&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
}
