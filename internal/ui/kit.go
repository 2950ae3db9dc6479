package ui

import (
	"math"
	"time"

	"h48/internal/kit/i18n"
)

// in picks one of two texts: the kit page is a sample, so its texts stand beside what
// they show and not among the words of the house.
func in(l Locale, fr, en string) string {
	if l.Lang == i18n.French {
		return fr
	}
	return en
}

// kitRing is the whole of an invented weekend that started at start.
func kitRing(l Locale, id string, start, now time.Time) RingData {
	at := func(hours float64) time.Time { return start.Add(time.Duration(hours * float64(time.Hour))) }
	return RingData{
		ID: id, Start: start, End: at(48), Now: now, To: at(44), Note: in(l, "avant le rendu", "before hand-in"),
		Phases: []RingPhase{
			{in(l, "Accueil", "Welcome"), at(0), at(2), Water},
			{in(l, "Équipes", "Teams"), at(2), at(6), Good},
			{in(l, "Premier soir", "First evening"), at(6), at(10), Water},
			{in(l, "Nuit", "Night"), at(10), at(18), Plain},
			{in(l, "Ateliers et mentors", "Workshops and mentors"), at(18), at(32), Good},
			{in(l, "Nuit", "Night"), at(32), at(40), Plain},
			{in(l, "Rendu", "Hand-in"), at(40), at(44), Now},
			{in(l, "Pitchs", "Pitches"), at(44), at(46.5), Water},
			{in(l, "Prix", "Prize"), at(46.5), at(48), Good},
		},
	}
}

func kitTeams(l Locale) TableData {
	interval := func(low, high, best float64) templComponent {
		return Interval(l, IntervalData{Label: in(l, "Rang", "Rank"), Low: low, High: high, Best: best, Min: 1, Max: 6, Ticks: 6})
	}
	open := in(l, "Fiche", "Sheet")
	return TableData{
		Caption: in(l, "Équipes", "Teams"),
		Columns: []Column{
			{Label: in(l, "Équipe", "Team"), Sort: "?sort=team"}, {Label: in(l, "Table", "Table"), Number: true},
			{Label: in(l, "Rendu", "Handed in"), Sort: "?sort=state", Sorted: "ascending"},
			{Label: in(l, "Rang possible", "Possible rank")}, {Label: open, Hidden: true},
		},
		Rows: []Row{
			{URL: "#", Cells: []templComponent{Text("Le Guichet malin"), Text("4"), Chip(Good, in(l, "Reçu", "Received")), interval(1, 2, 1), kitOpen(open)}},
			{URL: "#", Need: true, Cells: []templComponent{Text("Les Voisins du 3e"), Text("1"), Chip(Now, in(l, "Manque la vidéo", "Video missing")), interval(1, 4, 3), Text("")}},
			{URL: "#", Cells: []templComponent{Text("Chaleur partagée"), Text("6"), Chip(Water, in(l, "En cours", "Under way")), interval(2, 6, math.NaN()), Text("")}},
			{Muted: true, Cells: []templComponent{Text("Cour verte"), Text("2"), Chip(Plain, in(l, "Retirée", "Withdrawn")), Text("–"), Text("")}},
		},
	}
}

func kitSlots(l Locale, start, now time.Time) TimelineData {
	at := func(hours float64) time.Time { return start.Add(time.Duration(hours * float64(time.Hour))) }
	return TimelineData{Now: now, Slots: []Slot{
		{From: at(18), To: at(19), Title: in(l, "Petit déjeuner", "Breakfast"), Place: in(l, "Hall", "Hall"), Tone: Plain},
		{From: at(20), To: at(22), Title: in(l, "Atelier « modèle économique »", "Workshop “business model”"), Place: in(l, "Salle Somme", "Somme room"), Note: in(l, "12 places sur 16", "12 seats of 16"), URL: "#", Tone: Good},
		{From: at(22.5), To: at(23.5), Title: in(l, "Déjeuner", "Lunch"), Place: in(l, "Verrière", "Glass hall"), Tone: Plain},
		{From: at(26), To: at(27), Title: in(l, "Répétition des pitchs", "Pitch rehearsal"), Place: in(l, "Scène", "Stage"), URL: "#", Tone: Water},
		{From: at(44), To: at(46.5), Title: in(l, "Pitchs devant le jury", "Pitches before the jury"), Place: in(l, "Scène", "Stage"), URL: "#", Tone: Now},
	}}
}

func kitBars(l Locale) BarsData {
	return BarsData{Label: in(l, "Gobelets jetables évités", "Throwaway cups avoided"), Rows: []Bar{
		{Label: in(l, "Samedi", "Saturday"), Value: 118, Low: 90, High: 150, Text: "118", Tone: Water},
		{Label: in(l, "Dimanche", "Sunday"), Value: 94, Low: 60, High: 120, Text: "94", Tone: Good},
	}}
}

// kitFields are one form with every kind of question, some answers wrong.
type kitFields struct {
	name, email, phone, pitch, shirt, come, profile, useful, photo, arrival, wishes, badge Field
}

func newKitFields(l Locale) kitFields {
	return kitFields{
		name:    Field{Name: "name", Label: in(l, "Nom", "Name"), Value: "Zoé Exemple", Required: true, Autocomplete: "name"},
		email:   Field{Name: "email", Kind: "email", Label: in(l, "Adresse e-mail", "E-mail address"), Hint: in(l, "Pour vous écrire avant le jour J, rien d’autre.", "To write to you before the day, nothing else."), Value: "zoe@exemple", Error: in(l, "Il manque la fin de l’adresse, comme « .fr ».", "The end of the address is missing, such as “.org”."), Required: true, Autocomplete: "email"},
		phone:   Field{Name: "phone", Kind: "tel", Label: in(l, "Téléphone", "Phone"), Disabled: true, Value: "01 23 45 67 89", Autocomplete: "tel"},
		pitch:   Field{Name: "pitch", Label: in(l, "Votre idée en trois lignes", "Your idea in three lines"), MaxLength: 280, Value: in(l, "Une demande, une réponse, un seul endroit.", "One question, one answer, one place.")},
		shirt:   Field{Name: "shirt", Label: in(l, "Taille de t-shirt", "T-shirt size"), Required: true, Error: in(l, "Choisissez une taille.", "Choose a size.")},
		come:    Field{Name: "rules", Label: in(l, "J’ai lu le règlement", "I have read the rules"), Hint: in(l, "Deux pages, sans jargon.", "Two pages, no jargon."), Value: "on", Required: true},
		profile: Field{Name: "profile", Label: in(l, "Vous êtes", "You are"), Value: "student", Required: true},
		useful:  Field{Name: "useful", Label: in(l, "Utile aux locataires", "Useful to tenants"), Value: "4", Required: true},
		photo:   Field{Name: "photo", Label: in(l, "Le fichier du projet", "The project’s file"), Value: "guichet-malin.pdf"},
		arrival: Field{Name: "arrival", Label: in(l, "Arrivée", "Arrival"), Value: "2018-05-19T08:30", Required: true},
		badge:   Field{Name: "badge", Label: in(l, "Code du badge", "Code of the badge")},
		wishes:  Field{Name: "wishes", Label: in(l, "Ce que vous savez faire", "What you can do")},
	}
}

// all are the fields in the order of the form.
func (f kitFields) all() []Field {
	return []Field{f.name, f.email, f.phone, f.pitch, f.shirt, f.come, f.profile, f.useful, f.photo, f.arrival, f.wishes, f.badge}
}
