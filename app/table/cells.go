package table

import "strings"

// formula are the characters that a spreadsheet takes for the beginning of a formulaStarts, or skips before one
// (https://owasp.org/www-community/attacks/CSV_Injection), their wide forms among them; and the apostrophe.
const formulaStarts = "=+-@\t\r\n＝＋－＠'"

// skipped are the characters after which a formula still begins a cell: blanks, and the quotes that a
// spreadsheet takes away where it begins a cell at a semicolon.
const formulaPrefixes = " \""

// Harmless returns a cell that no spreadsheet takes for a formula: it has an apostrophe before every character that
// could begin one, also after a semicolon, which for some spreadsheets begins another cell; and before an apostrophe
// there, so that readable can undo it.
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

// readable undoes Harmless.
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
