package events

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The built-in roles.
const (
	Administrator         = "admin"
	Treasurer             = "treasurer"
	RegistrationAdmin     = "registration-admin"
	RegistrationVolunteer = "registration-volunteer"
	Reviewer              = "reviewer"
)

// lowest is the role that everyone with the right to grant a role may grant: see mayGrant.
const lowest = RegistrationVolunteer

// BuiltInRoles returns the roles that exist in every installation.
func BuiltInRoles() []string {
	return []string{Administrator, Treasurer, RegistrationAdmin, RegistrationVolunteer, Reviewer}
}

// roleName matches the name of a role.
var roleName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,49}$`)

// ParseRoles parses a comma-separated list of additional roles. It rejects BuiltInRoles.
func ParseRoles(text string) (roles []string, err error) {
	known := BuiltInRoles()
	for part := range strings.SplitSeq(text, ",") {
		role := strings.TrimSpace(part)
		if role == "" {
			continue
		}
		if !roleName.MatchString(role) {
			return nil, fmt.Errorf("%q is not a role's name: at most 50 lower-case letters, digits and hyphens, a letter "+
				"first, such as speaker", role)
		}
		if slices.Contains(known, role) {
			return nil, fmt.Errorf("the role %s is listed twice or is built in", role)
		}
		known, roles = append(known, role), append(roles, role)
	}
	return roles, nil
}

// mayGrant reports whether a user with the held roles may grant and revoke a role. Administrators may grant every role,
// their own included; RegistrationAdmin may grant RegistrationVolunteer; the other roles may grant none.
func mayGrant(held map[string]bool, role string) bool {
	return held[Administrator] || held[RegistrationAdmin] && role == RegistrationVolunteer
}
