package seed

import "strings"

// organisers have one role each in every event.
var organisers = []person{
	{first: "Thandiwe", last: "Nkosi", language: "en"},
	{first: "Aïcha", last: "Diallo", language: "fr"},
	{first: "João", last: "Pereira", language: "pt"},
	{first: "محمد", last: "العلوي", language: "ar"},
	{first: "Wanjirũ", last: "Kamau", language: "sw"},
}

// remarkable are the first guests: those with accounts, and those whose names are hard for lists and pages. Some last
// names have the maximum length.
var remarkable = []person{
	{address: "ann.lee" + domain, title: "Dr", first: "Ann", last: "Lee", language: "en", state: verified},
	{address: "chloe.dubois" + domain, title: "Mme", first: "Chloé", last: "Dubois-L’Hermitte", language: "fr",
		state: verified},
	{address: "ahmad" + domain, title: "د.", first: "أحمد", last: "بن عبد الله", language: "ar", state: verified},
	{address: "joao.conceicao" + domain, first: "João", last: "da Conceição", language: "pt", state: unverified},
	{address: "kwame.mensah" + domain, first: "Kwame", last: "Mensah", language: "en", state: blocked},
	{address: "sukarno" + domain, first: "Sukarno", language: "id"},
	{address: "nobody.has.said.a.name" + domain, language: "en"},
	{address: "miriam.obrien" + domain, title: "Ms", first: "D’Arcy Miriam", last: "O'Brien", language: "en"},
	{address: "geert.hooft" + domain, title: "Prof. Dr. h. c. mult.", first: "Geert", last: "'t Hooft", language: "nl"},
	{
		address: "maria.guadalupe" + domain, title: "Excelentísima Señora Doña", //nolint:misspell // Spanish
		first:    "María de los Ángeles Encarnación Guadalupe Concepción de la Santísima Trinidad",
		last:     "Fernández-Villaverde y Martínez de Irujo-Artázcoz, Duquesa de Medina de Rioseco y de Alba de Tormes",
		language: "es",
	},
	{
		address: strings.Repeat("a", 64) + domain,
		first:   "Hubert", last: strings.Repeat("Wolfeschlegelsteinhausenbergerdorff", 3)[:100], language: "de",
	},
	{address: "shlomo.cohen" + domain, title: "ד״ר", first: "שלמה", last: "כהן", language: "he"},
	{address: "sara.smith" + domain, first: "Sara سارة", last: "Smith-العلي", language: "ar"},
	// decomposed: NFD
	{address: "nguyen.van.ha" + domain, first: "Hà", last: "Nguye\u0302\u0303n Va\u0306n", language: "vi"},
	{address: "zoe.kucuk" + domain, first: "Zoe\u0308", last: "Küçük", language: "tr"},
	{address: "ibrahim.isik" + domain, first: "İbrahim", last: "Işık", language: "tr"},
	{address: "olabisi" + domain, first: "Ọ\u0301lábísí", last: "Adéwálé", language: "yo"},
	{address: "giorgos" + domain, first: "Γιώργος", last: "Παπαδόπουλος", language: "el"},
	{address: "taro.yamada" + domain, title: "教授", first: "太郎", last: "山田", language: "ja"},
	{address: "xiaoming.wang" + domain, first: "小明", last: "王", language: "zh-Hans"},
	{address: "minjun.kim" + domain, first: "민준", last: "김", language: "ko"},
	{address: "rajesh.kumar" + domain, title: "श्री", first: "राजेश", last: "कुमार", language: "hi"},
	{address: "somchai" + domain, first: "สมชาย", last: "ใจดี", language: "th"},
	{address: "abebe" + domain, first: "አበበ", last: "በቀለ", language: "am"},
}

// name is a name with its form in e-mail addresses.
type name struct{ written, ascii string }

// culture has common names of people who speak a language.
type culture struct {
	language    string
	titles      []string
	first, last []name
}

var common = []culture{
	{
		"en", []string{"", "", "Dr", "Ms", "Mr", "Prof."},
		[]name{{"Amelia", "amelia"}, {"Lerato", "lerato"}, {"Chinedu", "chinedu"}, {"Grace", "grace"}, {"Oliver", "oliver"},
			{"Siobhán", "siobhan"}},
		[]name{{"Smith", "smith"}, {"Nkosi", "nkosi"}, {"Okafor", "okafor"}, {"van der Merwe", "vandermerwe"},
			{"O’Neill", "oneill"}, {"Brown", "brown"}},
	},
	{
		"fr", []string{"", "", "M.", "Mme", "Dr"},
		[]name{{"Élodie", "elodie"}, {"Moussa", "moussa"}, {"Jean-François", "jean-francois"}, {"Aïssatou", "aissatou"},
			{"Noël", "noel"}},
		[]name{{"Lefèvre", "lefevre"}, {"Diallo", "diallo"}, {"d’Estaing", "destaing"}, {"Traoré", "traore"},
			{"Œuvrard", "oeuvrard"}},
	},
	{
		"pt", []string{"", "", "Sr.", "Sra.", "Dra."},
		[]name{{"Conceição", "conceicao"}, {"Inês", "ines"}, {"Tomé", "tome"}, {"Ângela", "angela"}},
		[]name{{"Gonçalves", "goncalves"}, {"dos Santos", "dossantos"}, {"Araújo", "araujo"}, {"Simões", "simoes"}},
	},
	{
		"ar", []string{"", "", "د.", "أ."},
		[]name{{"فاطمة", "fatima"}, {"محمد", "muhammad"}, {"ليلى", "layla"}, {"يوسف", "yusuf"}, {"نور", "nur"}},
		[]name{{"الزهراء", "azzahra"}, {"بن علي", "benali"}, {"العلوي", "alaoui"}, {"المصري", "almasri"}},
	},
	{
		"sw", []string{"", "Bi", "Bw."},
		[]name{{"Wanjirũ", "wanjiru"}, {"Juma", "juma"}, {"Neema", "neema"}},
		[]name{{"Kamau", "kamau"}, {"Ng’ang’a", "nganga"}, {"Mwangi", "mwangi"}},
	},
	{
		"zh-Hans", []string{""},
		[]name{{"伟", "wei"}, {"秀英", "xiuying"}, {"欧阳娜娜", "nana"}},
		[]name{{"李", "li"}, {"张", "zhang"}, {"欧阳", "ouyang"}},
	},
	{
		"fa", []string{"", "دکتر"},
		[]name{{"زهرا", "zahra"}, {"رضا", "reza"}},
		[]name{{"حسینی\u200cنژاد", "hosseininejad"}, {"کریمی", "karimi"}}, // with a zero-width non-joiner
	},
}
