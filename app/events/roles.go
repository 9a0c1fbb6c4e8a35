package events

import (
	"fmt"
	"regexp"
	"slices"
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

// CheckRoles returns an error if the roles cannot be added to those that every event knows.
func CheckRoles(roles []string) error {
	known := BuiltInRoles()
	for _, role := range roles {
		if !roleName.MatchString(role) {
			return fmt.Errorf("%q is not a role's name: at most 50 small letters, digits and hyphens, a letter first, such as speaker", role)
		}
		if slices.Contains(known, role) {
			return fmt.Errorf("the role %s is listed twice, or is one that every event knows", role)
		}
		known = append(known, role)
	}
	return nil
}

// mayGrant reports whether a user with the roles held may grant and revoke a role. Administrator is above every role,
// RegistrationAdmin is above RegistrationVolunteer, and the others are above none. A user grants the roles below
// their own, and administrators make other administrators too.
func mayGrant(held map[string]bool, role string) bool {
	return held[Administrator] || held[RegistrationAdmin] && role == RegistrationVolunteer
}
