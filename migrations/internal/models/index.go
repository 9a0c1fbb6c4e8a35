package models

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	gormschema "gorm.io/gorm/schema"

	"guestlist/migrations/schema"
)

// indexes returns the indexes of a model, sorted by name. Like AutoMigrate on these dialects, it ignores their comments
// and the lengths of their keys.
func indexes(s *gormschema.Schema) ([]schema.Index, error) {
	var all []schema.Index
	for _, parsed := range s.ParseIndexes() {
		i, err := index(s, parsed)
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	if err := checkIndexTags(s, all); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b schema.Index) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func index(s *gormschema.Schema, parsed *gormschema.Index) (schema.Index, error) {
	i := schema.Index{Name: parsed.Name, Where: parsed.Where, Method: parsed.Type, Option: parsed.Option}
	switch {
	case strings.EqualFold(parsed.Class, "unique"):
		i.Unique = true
	case parsed.Class != "":
		return i, fieldError(s, parsed.Fields[0].Field,
			fmt.Errorf("index %s: neither PostgreSQL nor SQLite has an index of class %s",
				parsed.Name, parsed.Class))
	}
	// The way an index is built is not part of the schema.
	if strings.EqualFold(strings.TrimSpace(i.Option), "concurrently") {
		i.Option = ""
	}
	keys := slices.Clone(parsed.Fields)
	slices.SortStableFunc(keys, func(a, b gormschema.IndexOption) int { return cmp.Compare(a.Priority, b.Priority) })
	for _, k := range keys {
		if k.Expression == "" && !hasColumn(s, k.Field) {
			return i, fieldError(s, k.Field, fmt.Errorf("index %s is on a field that is not a column", parsed.Name))
		}
		i.Keys = append(i.Keys, indexKey(k))
	}
	return i, nil
}

func indexKey(k gormschema.IndexOption) schema.IndexKey {
	key := schema.IndexKey{Expression: k.Expression, Collate: k.Collate, Order: strings.ToUpper(k.Sort)}
	if key.Order == "ASC" { // the default
		key.Order = ""
	}
	if key.Expression == "" {
		key.Column = k.DBName
	}
	return key
}

// checkIndexTags returns an error for a tag that ParseIndexes only logs, and after which it skips all fields.
func checkIndexTags(s *gormschema.Schema, parsed []schema.Index) error {
	for _, f := range s.Fields {
		if f.TagSettings["INDEX"] == "" && f.TagSettings["UNIQUEINDEX"] == "" || f.Tag.Get("gorm") == "" {
			continue
		}
		for setting := range strings.SplitSeq(strings.ToUpper(f.Tag.Get("gorm")), ";") {
			key, value, _ := strings.Cut(strings.TrimSpace(setting), ":")
			if key != "INDEX" && key != "UNIQUEINDEX" {
				continue
			}
			options := gormschema.ParseTagSetting(value, ",")
			if composite, ok := options["COMPOSITE"]; ok && (composite == "" || composite == "COMPOSITE") {
				return fieldError(s, f, errors.New("the composite option of the index has no name"))
			}
		}
	}
	return checkKeys(s, parsed)
}

// checkKeys rejects an index with the same column twice.
func checkKeys(s *gormschema.Schema, parsed []schema.Index) error {
	for _, i := range parsed {
		var seen []string
		for _, k := range i.Keys {
			if k.Column != "" && slices.Contains(seen, k.Column) {
				return fmt.Errorf("%s: index %s has column %s twice", label(s), i.Name, k.Column)
			}
			seen = append(seen, k.Column)
		}
	}
	return nil
}
