// Package picture draws schemas, the changes between two schemas, and histories, as Mermaid and SVG. It accesses no
// files and no database: a drawing is a pure function from values to text.
//
//	schema ───────────┐
//	schema, schema ───┴─▶ Diagram ─▶ Mermaid
//	                         └─────▶ layout ─▶ SVG
//	revisions ─▶ Commits ──────────────▶ SVG
package picture
