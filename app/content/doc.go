// Package content is what a web client offers in its drop-down lists: values to store, with labels in the language
// asked for.
//
//	GET /api/v1/content/title       forms of address        content.Titles
//	GET /api/v1/content/gender                              content.Genders
//	GET /api/v1/content/countries   by ISO 3166-1           content.Countries
//	GET /api/v1/content/categories  what people do          content.Categories
//	GET /api/v1/content/ethnicity                           content.Ethnicities
//	GET /api/v1/content/disability                          content.Disabilities
//
// The program stores none of the values but titles, and takes any other as a title too: the lists make forms easier.
package content
