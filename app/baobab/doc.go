// Package baobab moves the data of one organisation from a database of Baobab, the API that this program carries to Go.
//
//	database ─▶ source: rows ─▶ plan: values and notes ─▶ importer: one transaction ─▶ report
//
// The ids of the original are not kept: what is there already is found by what names it to people, an account by its
// canonical address, an event by its key, a tag by its names. That makes the import repeatable: it stores what is not
// there and leaves all else as it is, and what was changed here meanwhile stays. The plan is made from the rows alone;
// the features check and store the values as they do their own.
package baobab
