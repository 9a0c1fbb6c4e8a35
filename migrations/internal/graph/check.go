package graph

import (
	"errors"
	"slices"
	"strings"
)

// ValidateID checks the form of a revision id: it becomes part of a file name and of identifiers such as "id@head" or
// "id+1", and must not be a symbol such as "head". The error is an [InvalidIDError].
func ValidateID(id string) error {
	if bad := forbidden(id, `@-+:/\"'`+"`"); bad != "" {
		return &InvalidIDError{ID: id, Characters: bad}
	}
	if id == "" || isSymbol(id) {
		return &InvalidIDError{ID: id}
	}
	return nil
}

// ValidateLabel checks the form of a branch label, which may contain a dash or a plus sign, as in "release-2". The
// error is an [InvalidLabelError].
func ValidateLabel(label string) error {
	if bad := forbidden(label, `@:"`+"`"); bad != "" || label == "" || isSymbol(label) {
		return &InvalidLabelError{Label: label, Characters: bad}
	}
	return nil
}

func isSymbol(name string) bool {
	switch name {
	case "head", "heads", "base", "current":
		return true
	}
	return false
}

// forbidden returns the characters of the name that are in the list, spaces or control characters, sorted and without
// duplicates.
func forbidden(name, list string) string {
	var bad []string
	for _, r := range name {
		if r <= ' ' || r == 0x7f || strings.ContainsRune(list, r) {
			bad = appendNew(bad, string(r))
		}
	}
	slices.Sort(bad)
	return strings.Join(bad, ", ")
}

// checkNodes checks each node on its own.
func (g *Graph) checkNodes() error {
	for i := range g.revs {
		r := &g.revs[i]
		onDeps := slices.Contains(r.DependsOn, r.ID)
		if slices.Contains(r.Down, r.ID) || onDeps {
			dependency := !slices.Contains(r.Down, r.ID)
			return &CycleError{
				Revisions: []string{r.ID}, Self: true, Dependency: dependency,
				Path: []string{r.ID}, Files: []string{r.File},
			}
		}
		for _, id := range append([]string{r.ID}, r.Replaces...) {
			if err := ValidateID(id); err != nil {
				return inFile(err, r)
			}
		}
		for _, label := range r.Labels {
			if err := ValidateLabel(label); err != nil {
				return inFile(err, r)
			}
		}
	}
	return nil
}

// inFile adds the revision and its file to an error of ValidateID or ValidateLabel.
func inFile(err error, r *revision) error {
	if e, ok := errors.AsType[*InvalidIDError](err); ok {
		e.File = r.File
	}
	if e, ok := errors.AsType[*InvalidLabelError](err); ok {
		e.Revision, e.File = r.ID, r.File
	}
	return err
}

func (g *Graph) nameRevisions() error {
	for i := range g.revs {
		r := &g.revs[i]
		if first, taken := g.names[r.ID]; taken {
			return &DuplicateRevisionError{ID: r.ID, Files: [2]string{g.revs[first].File, r.File}}
		}
		g.names[r.ID] = i
	}
	return nil
}

func (g *Graph) nameLabels() error {
	for i := range g.revs {
		r := &g.revs[i]
		for _, label := range r.Labels {
			first, taken := g.names[label]
			if !taken {
				first, taken = g.replaced[label]
			}
			if taken {
				return &DuplicateLabelError{
					Label:     label,
					Revisions: [2]string{g.revs[first].ID, r.ID},
					Files:     [2]string{g.revs[first].File, r.File},
				}
			}
			g.names[label] = i
		}
	}
	return nil
}

func (g *Graph) missing(from int, name string, dependency bool) error {
	r := &g.revs[from]
	return &MissingRevisionError{
		ID: name, From: r.ID, File: r.File,
		Dependency: dependency, Nearest: g.closest(name),
	}
}
