// Package limits bounds how often something may be tried.
//
// A [Limiter] counts per client network in memory: it guards a route against floods, each instance for itself. [Logins]
// counts failed sign-ins per account in the database, so that what one instance has seen holds at all of them: it slows
// down guessing, and never locks out an owner who comes from where they have signed in before.
package limits
