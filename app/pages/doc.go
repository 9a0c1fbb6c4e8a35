// Package pages writes the few pages that people see without a web client: the targets of links in mails.
//
// A feature embeds its pages, <name>.html, which define the templates "title" and "main" of the layout, and their texts
// in every language, <language>.json ([MustParse]). The pages need no script and fit any screen.
package pages
