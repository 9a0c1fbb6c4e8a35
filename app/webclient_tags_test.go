package app_test

import (
	"net/http"
)

// tagCalls returns the calls of tags.service.js.
func tagCalls() []webCall {
	tag := func(id any, active bool) map[string]any {
		tag := map[string]any{
			"name": map[string]any{"en": "Vegan", "fr": "Végane"}, "description": map[string]any{"en": "Eats tofu",
				"fr": "Mange du tofu"},
			"tag_type": "REGISTRATION", "active": active,
		}
		if id != nil {
			tag["id"] = id
		}
		return tag
	}
	read := tag("{tag}", true)
	read["event_id"] = "{event}"
	return []webCall{
		{name: "addTag", token: "root", call: "POST tag?event_id={event}", body: tag(nil, true), status: http.StatusCreated,
			want: map[string]any{"tag_type": "REGISTRATION", "active": true, "name.fr": "Végane"},
			save: map[string]string{"tag": "id"}},
		{name: "getTag", token: "root", call: "GET tag?id={tag}&event_id={event}", status: http.StatusOK, want: read},
		{name: "getTagList", token: "root", call: "GET tags?event_id={event}", status: http.StatusOK, want: map[string]any{
			"length": 1, "0.id": "{tag}", "0.name": "{tag name}", "0.active": true, "0.tag_type": "REGISTRATION",
			"0.description": present{},
		}},
		{name: "getTagListConfig", token: "root", call: "GET tagsconfig?event_id={event}", status: http.StatusOK,
			want: map[string]any{"length": 1, "0": read}},
		{name: "getTagTypeList", token: "root", call: "GET tagtypes?event_id={event}", status: http.StatusOK,
			want: map[string]any{"": []any{"RESPONSE", "REGISTRATION", "GRANT", "QUESTION", "CHECKIN"}}},
		{name: "updateTag away", token: "root", call: "PUT tag?event_id={event}", body: tag("{tag}", false),
			status: http.StatusOK, want: map[string]any{"active": false}},
		{name: "getTag away", token: "root", call: "GET tag?id={tag}&event_id={event}", status: http.StatusNotFound,
			want: map[string]any{"message": present{}}},
		{name: "getTagListConfig away", token: "root", call: "GET tagsconfig?event_id={event}", status: http.StatusOK,
			want: map[string]any{"length": 0}},
		{name: "updateTag back", token: "root", call: "PUT tag?event_id={event}", body: tag("{tag}", true),
			status: http.StatusOK, want: map[string]any{"active": true}},
	}
}
