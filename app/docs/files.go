package docs

import _ "embed"

// The page, the script that starts Swagger UI on it, and additional styles. All URLs in the page are relative, so that
// it works under any path of a proxy.
var (
	//go:embed page.html
	index string
	//go:embed start.js
	start string
	//go:embed page.css
	style string
)
