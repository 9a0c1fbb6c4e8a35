package events

// The roles that every event knows. Administrator stands above all others.
const (
	Administrator         = "admin"
	Treasurer             = "treasurer"
	RegistrationAdmin     = "registration-admin"
	RegistrationVolunteer = "registration-volunteer"
	Reviewer              = "reviewer"
)
