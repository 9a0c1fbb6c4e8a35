// Package models reads GORM models into a portable schema: the one that AutoMigrate of the same models would create in
// an empty database, for every dialect at once.
//
//	[]any{&users.User{}, …} ──▶ GORM's parser ──▶ tables to create ──▶ schema.Schema
//
// GORM itself parses the structs, tags, relations and constraints, and its dialectors choose the column types; no
// database is opened. Where the dialects differ, the schema holds both texts. The result does not depend on the order
// of the models, even where AutoMigrate's does, such as which of two definitions of a join table wins. Mistakes that
// AutoMigrate ignores are errors that name the model and the field.
package models
