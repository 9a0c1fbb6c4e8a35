package events

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The roles that every event knows.
const (
	Administrator         = "admin"
	Treasurer             = "treasurer"
	RegistrationAdmin     = "registration-admin"
	RegistrationVolunteer = "registration-volunteer"
	Reviewer              = "reviewer"
)

// lowest is a role that everyone who may grant any role may grant: see mayGrant.
const lowest = RegistrationVolunteer

// BuiltInRoles returns the roles that every event knows.
func BuiltInRoles() []string {
	return []string{Administrator, Treasurer, RegistrationAdmin, RegistrationVolunteer, Reviewer}
}

// roleName is what a role may be called.
var roleName = regexp.MustCompile(`^[a-z][a-z0-9-]{0,49}$`)

// ParseRoles returns the roles in text, with commas between them. They cannot be roles that every event knows.
func ParseRoles(text string) (roles []string, err error) {
	known := BuiltInRoles()
	for part := range strings.SplitSeq(text, ",") {
		role := strings.TrimSpace(part)
		if role == "" {
			continue
		}
		if !roleName.MatchString(role) {
			return nil, fmt.Errorf("%q is not a role's name: at most 50 small letters, digits and hyphens, a letter first, "+
				"such as speaker", role)
		}
		if slices.Contains(known, role) {
			return nil, fmt.Errorf("the role %s is listed twice, or is one that every event knows", role)
		}
		known, roles = append(known, role), append(roles, role)
	}
	return roles, nil
}

// mayGrant reports whether a user with the roles held may grant and revoke a role. Administrator is above every role,
// RegistrationAdmin is above RegistrationVolunteer, and the others are above none. A user grants the roles below
// their own, and administrators make other administrators too.
func mayGrant(held map[string]bool, role string) bool {
	return held[Administrator] || held[RegistrationAdmin] && role == RegistrationVolunteer
}
