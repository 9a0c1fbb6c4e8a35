package runner

import (
	"reflect"
	"slices"

	"guestlist/migrations/schema"
)

// objects is everything a schema is made of, by a name for people.
type objects map[string]any

func objectsOf(s schema.Schema) objects {
	all := objects{}
	for _, t := range s.Normal().Tables {
		all["table "+t.Name] = t.Comment
		all["the primary key of "+t.Name] = t.PrimaryKey
		for _, c := range t.Columns {
			all["column "+t.Name+"."+c.Name] = c
		}
		for _, u := range t.Uniques {
			all["unique constraint "+u.Name+" of "+t.Name] = u
		}
		for _, c := range t.Checks {
			all["check "+c.Name+" of "+t.Name] = c
		}
		for _, k := range t.ForeignKeys {
			all["foreign key "+k.Name+" of "+t.Name] = k
		}
		for _, i := range t.Indexes {
			all["index "+i.Name] = i
		}
	}
	return all
}

// changed names the objects that are not the same in both schemas, sorted.
func changed(before, after schema.Schema) []string {
	was, is := objectsOf(before), objectsOf(after)
	var names []string
	for name, object := range was {
		if now, ok := is[name]; !ok || !reflect.DeepEqual(object, now) {
			names = append(names, name)
		}
	}
	for name := range is {
		if _, ok := was[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// both returns the names in both lists, in the order of the first.
func both(a, b []string) []string {
	var shared []string
	for _, name := range a {
		if slices.Contains(b, name) {
			shared = append(shared, name)
		}
	}
	return shared
}
