// Package models reads GORM models into a portable schema: what AutoMigrate of the same models would create on an empty
// database, for every dialect at once.
//
//	[]any{&users.User{}, …} ──▶ GORM's parser ──▶ tables to create ──▶ schema.Schema
//
// GORM itself parses the structs, tags, relations and constraints, and its dialectors say what type a column has; no
// database is opened. Where the two dialects would differ, the schema holds both texts. What AutoMigrate leaves to
// chance, such as which of two definitions of a join table wins, is settled here so that models in any order give the
// same schema, and what it would get wrong silently is an error that names the model and the field.
package models
