// Package seed fills an empty database for development: three events (registration open, registration closed, over);
// guests with names in many scripts and all kinds of answers; tags; and an account for each role.
//
// It uses the features' services, in one transaction, and sends no mail. The result depends only on Options and the
// database's clock, except for the codes in links.
package seed
