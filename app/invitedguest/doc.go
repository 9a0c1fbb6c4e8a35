// Package invitedguest is the guests of events: who is invited, with which role and marks, and how they answered.
package invitedguest
