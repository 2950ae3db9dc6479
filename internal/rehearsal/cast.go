package rehearsal

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"h48/internal/account"
	"h48/internal/cups"
)

// person is one of the made-up people.
type person struct {
	name, email string
	profile     string // student, professional, other, or "" for not said
	trade       string
	skills      map[string]int
	meal        string
	with        string
	photo       string
	actor       account.Actor
}

// cast is everybody who takes part in a rehearsal.
type cast struct {
	people   []person // the participants, in the order of the file
	late     []person // who register by themselves when the seats are gone
	mentors  []person
	speakers []person
	jurors   []person
	crew     []person
	hands    []person // who help too, and come by a file
	partner  person

	founded    string // the team that came together by itself
	gift, lend cups.Model
	lent       int
	recused    string // the team that the first juror knows
	seen       []int  // how many teams each juror has seen
}

// First names of the region; the family names say that nobody bears them.
var (
	firstNames = []string{"Adèle", "Baptiste", "Camille", "Damien", "Élise", "Farid", "Gabrielle", "Hugo", "Inès", "Jules",
		"Karima", "Léo", "Manon", "Noé", "Océane", "Paul", "Quitterie", "Rayan", "Sarah", "Théo", "Ursule", "Victor", "Wendy",
		"Xavier", "Yasmine", "Zoé", "Amine", "Berthe", "Cyril", "Dalila", "Ernest", "Flore", "Gaspard", "Héloïse"}
	lastNames = []string{"Exemple", "Fictif", "Inventé", "Imaginaire", "Modèle", "Personnage", "Figurant", "Esquisse",
		"Brouillon", "Prétexte", "Songe", "Maquette"}
	handNames = []string{"Nadège Exemple", "Ousmane Figurant", "Pauline Maquette", "Quentin Songe", "Rosalie Esquisse"}
	trades    = map[string][]string{
		"student":      {"informatique", "développement web", "informatique", "développement web", "marketing"},
		"professional": {"développement web", "informatique", "marketing", "gestion locative"},
		"other":        {"habitat", "association de locataires"},
	}
	skillsOf = map[string]map[string]int{"informatique": {"data": 3, "web": 2}, "développement web": {"web": 4, "design": 1},
		"marketing": {"marketing": 4, "business": 2}, "gestion locative": {"rental": 4, "housing": 3}, "habitat": {"housing": 3},
		"association de locataires": {"housing": 2, "rental": 1}}
	meals = []string{"omnivore", "omnivore", "omnivore", "vegetarian", "omnivore", "no_pork", "vegan", "gluten_free"}
)

// castFor draws the people of an event: 60 % students, 30 % professionals and the rest
// others, in whole people by the largest remainders, so that the mix always adds up.
func castFor(n int, r *rand.Rand) cast {
	students, professionals := (n*60+50)/100, (n*30+50)/100
	var c cast
	names := map[string]int{}
	for i := range n {
		profile := "other"
		switch {
		case i < students:
			profile = "student"
		case i < students+professionals:
			profile = "professional"
		}
		c.people = append(c.people, draw(r, names, profile))
	}
	r.Shuffle(n, func(i, j int) { c.people[i], c.people[j] = c.people[j], c.people[i] })
	for i := range c.people { // one in five wishes to be with somebody
		if i%5 == 0 && i+1 < n {
			c.people[i].with = c.people[i+1].name
		}
	}
	for range min(max(n/12, 1), 200) {
		c.late = append(c.late, draw(r, names, "student"))
	}
	several := func(k int, trade string) (all []person) {
		for range k {
			p := draw(r, names, "professional")
			p.trade = trade
			all = append(all, p)
		}
		return all
	}
	teams := n/4 + 1
	c.mentors = several(min(max(teams*2/3, 3), 60), "gestion locative")
	c.speakers = several(3, "logement social")
	c.jurors = several(max(jurorsOfATeam, (teams*jurorsOfATeam+teamsOfAJuror-1)/teamsOfAJuror), "habitat")
	c.seen = make([]int, len(c.jurors))
	c.crew = several(min(max(n/10, 3), 40), "")
	c.partner = several(1, "")[0]
	for _, name := range handNames {
		c.hands = append(c.hands, person{name: name, email: addressOf(name)})
	}
	return c
}

// draw invents one person; a name that is taken gets a number.
func draw(r *rand.Rand, names map[string]int, profile string) person {
	name := firstNames[r.IntN(len(firstNames))] + " " + lastNames[r.IntN(len(lastNames))]
	names[name]++
	if again := names[name]; again > 1 {
		name = fmt.Sprintf("%s %d", name, again)
	}
	trade := trades[profile][r.IntN(len(trades[profile]))]
	return person{name: name, email: addressOf(name), profile: profile, trade: trade, skills: skillsOf[trade],
		meal: meals[r.IntN(len(meals))], photo: []string{"yes", "yes", "group", "no"}[r.IntN(4)]}
}

// news says whether they want news of the event: three in four do.
func (p person) news() string {
	if len(p.name)%4 == 0 {
		return "non"
	}
	return "oui"
}

// addressOf is the address of an invented person, in a domain that no letter reaches.
func addressOf(name string) string {
	plain := strings.NewReplacer("é", "e", "É", "e", "è", "e", "ï", "i", "ë", "e", "ê", "e", "É", "e", " ", ".").Replace(name)
	return strings.ToLower(plain) + "@example.org"
}

// teamNames and projectNames are what teams call themselves and their projects.
var (
	teamNames    = []string{"Les Voisins du 3e", "Palier commun", "La Boîte aux lettres", "Cour verte", "Ascenseur", "Les Clés", "Porte ouverte", "Le Hall", "Balcon sud", "Rez-de-jardin"}
	projectNames = []string{"Le Guichet malin", "Troc de palier", "Chaleur partagée", "Ma régie en poche", "Relais des clés", "L’Écho des cages d’escalier", "Potager de toit", "Coup de pouce", "Chantier clair", "Le Carnet du logement"}
	pitchLines   = []string{"Une demande, une réponse, un seul endroit.", "Prêter, réparer, partager entre voisins.", "Savoir ce que l’on chauffe, et payer moins.", "Signaler une panne en deux gestes."}
)

// nameOf gives the i-th of a list, with a number once the list is through.
func nameOf(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return fmt.Sprintf("%s %d", list[i%len(list)], i/len(list)+1)
}
