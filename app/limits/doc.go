// Package limits bounds how often something may be tried.
//
// A [Limiter] counts per client network: it guards a route against floods, in memory and each instance for itself, or
// by
// a [Shared] for all instances together. [Logins] counts failed sign-ins per account in the database, so that what one
// instance has seen holds at all of them: it slows down guessing, and never locks out an owner who comes from where
// they
// have signed in before.
package limits
