// Package picture draws schemas, what has changed between two, and histories: as Mermaid and as SVG. It knows no files
// and no database: each drawing is a function from values to text, and the same values give the same text.
//
//	schema ───────────┐
//	schema, schema ───┴─▶ Diagram ─▶ Mermaid
//	                         └─────▶ layout ─▶ SVG
//	revisions ─▶ Commits ──────────────▶ SVG
package picture
