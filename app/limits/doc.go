// Package limits restricts how often something may be tried.
//
// A [Limiter] counts requests per client network: it protects a route from floods, either in the memory of each
// instance or, with a [Shared], for all instances together. [Logins] counts failed sign-ins per account in the
// database, so that all instances share the count: it slows down guessing, and never locks out an owner on a network
// from which they have signed in before.
package limits
