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

// lowest is a role that everybody may grant who may grant any: mayGrant.
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
			return fmt.Errorf("the role %s stands there twice, or is one that every event knows", role)
		}
		known = append(known, role)
	}
	return nil
}

// mayGrant tells whether who holds the roles may grant and take away a role. The order is: Administrator stands above
// every role, RegistrationAdmin above RegistrationVolunteer, and the others above none. A role is granted by who stands
// above it, and Administrator by its equals too, so that nobody grants what they could not have been given.
func mayGrant(holds map[string]bool, role string) bool {
	return holds[Administrator] || holds[RegistrationAdmin] && role == RegistrationVolunteer
}
