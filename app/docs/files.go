package docs

import _ "embed"

// The page, the script that starts Swagger UI on it, and what its style sheet leaves out. The page is the same for
// everybody: all addresses in it are relative, so that it works wherever a proxy shows it.
var (
	//go:embed page.html
	index string
	//go:embed start.js
	start string
	//go:embed page.css
	style string
)
