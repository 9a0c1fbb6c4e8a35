// Package docs serves the API's OpenAPI document, and a page that shows it with Swagger UI, which is embedded in the
// program and loads nothing from other hosts.
package docs
