// Package baobab imports the data of one organisation from a database of Baobab, the original of this program.
//
//	database ─▶ source: rows ─▶ plan: values and notes ─▶ importer: one transaction ─▶ report
//
// Ids are not kept. Existing data is found by what identifies it to people: an account by its canonical address, an
// event by its key, a tag by its names. So the import can be repeated: it stores what is missing and leaves everything
// else unchanged, including changes made here since. The plan is a pure function of the rows; the features validate and
// store the values like any others.
package baobab
