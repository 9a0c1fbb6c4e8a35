// Package seed fills an empty database with what a developer wants to look at: three events, one with registration
// open,
// one with it closed and one that is over; guests with names in many scripts and answers of every kind; tags; and
// accounts that may do different things.
//
// All of it goes through the services of the features, in one transaction, and nobody is mailed. What is made depends
// on Options and the database's clock alone, except for the codes in links.
package seed
