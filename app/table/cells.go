package table

import "strings"

// formulaStarts are the characters that a spreadsheet takes for the start of a formula, or skips before one
// (https://owasp.org/www-community/attacks/CSV_Injection), with their full-width forms, and the apostrophe.
const formulaStarts = "=+-@\t\r\n＝＋－＠'"

// formulaPrefixes are the characters that may precede a formula in a cell: spaces, and the quotes that a spreadsheet
// removes if it splits a cell at a semicolon.
const formulaPrefixes = " \""

// EscapeFormula escapes a cell so that no spreadsheet takes it for a formula: it inserts an apostrophe before every
// character of formulaStarts that could start a cell, also after a semicolon, where some spreadsheets split cells.
// unescapeFormula is its inverse.
func EscapeFormula(cell string) string {
	if !strings.ContainsAny(cell, formulaStarts) {
		return cell
	}
	var out strings.Builder
	begins := true
	for _, r := range cell {
		if begins && strings.ContainsRune(formulaStarts, r) {
			out.WriteByte('\'')
		}
		out.WriteRune(r)
		begins = r == ';' || begins && strings.ContainsRune(formulaPrefixes, r)
	}
	return out.String()
}

// unescapeFormula undoes EscapeFormula.
func unescapeFormula(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var out []rune
	begins, runes := true, []rune(cell)
	for i := 0; i < len(runes); i++ {
		if begins && runes[i] == '\'' && i+1 < len(runes) && strings.ContainsRune(formulaStarts, runes[i+1]) {
			i++
		}
		out = append(out, runes[i])
		begins = runes[i] == ';' || begins && strings.ContainsRune(formulaPrefixes, runes[i])
	}
	return string(out)
}
