package invitedguest_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"guestlist/app/users"
)

const typeXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// TestBulkTables imports tables that other programs have exported.
func TestBulkTables(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	vip := a.storeTag(t, a.event.ID, "vip")
	excel, err := os.ReadFile("../table/testdata/excel-de.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	query := fmt.Sprint("role=guest&event_id=", a.event.ID)
	for name, test := range map[string]struct{ query, mediaType, body, want string }{
		"Excel": {"", typeXLSX, string(excel), "zoe@example.org Zoë Müller en"},
		"windows-1252": {"&encoding=windows-1252", "text/csv",
			"E-Mail-Adresse;Vorname;Nachname;Sprache;Tags\nzo\xEB@example.org;Zo\xEB;M\xFCller;pt_BR;Le VIP\n",
			"zoë@example.org Zoë Müller pt-BR"},
		"a map": {"&map=Contact=email;Called=firstname", "text/csv", "Contact,Called,Other\nann@example.org,Ann,x\n",
			"ann@example.org Ann  en"},
	} {
		header := map[string]string{"Content-Type": test.mediaType}
		var dry struct {
			bulkReport

			Columns map[string]string
			Unused  []string `json:"unused_columns"`
		}
		a.bulk(t, query+"&dry_run=true"+test.query, test.body, header).Decode(t, http.StatusOK, &dry)
		const columns = "map[email:Contact firstname:Called]"
		if name == "a map" && (fmt.Sprint(dry.Columns) != columns || strings.Join(dry.Unused, ",") != "Other") {
			t.Errorf("%s: got the columns %v, unused %v, want %s and [Other]", name, dry.Columns, dry.Unused, columns)
		}
		var got bulkReport
		a.bulk(t, query+test.query, test.body, header).Decode(t, http.StatusOK, &got)
		if dry.results() != got.results() || got.Results[0].Result != "created" {
			t.Errorf("%s: got %s, in a dry run %s, want the same, created", name, got.results(), dry.results())
			continue
		}
		user, err := users.Find(t.Context(), a.DB, got.Results[0].UserID)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(user.Email, " ", user.Firstname, " ", user.Lastname, " ", user.PrimaryLanguage); got !=
			test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
	if tagged := a.list(t, fmt.Sprint("&tag_id=", vip)); names(tagged) != "zoë" {
		t.Errorf("tagged %+v, want zoë", tagged)
	}
	csv := map[string]string{"Content-Type": "text/csv"}
	for part, body := range map[string]string{"&encoding=x": "email\n", "&map=x": "email\n", "": "email,Their name\n"} {
		a.bulk(t, query+part, body, csv).Error(t, http.StatusBadRequest, "VALIDATION_FAILED")
	}
	var got bulkReport
	a.bulk(t, query, "email,tags\n\ndan@example.org,nobody\n", csv).Decode(t, http.StatusOK, &got)
	if want := "invalid tag_ids"; got.results() != want || got.Results[0].Row != 2 {
		t.Errorf("got %+v, want %s in row 2", got, want)
	}
}
