package footprint

// Sources of several factors.
const (
	impactCO2 = "ADEME Impact CO2, incubateur-ademe/impactco2 commit 8076a489 of 2026-07-01 (MIT); Base Empreinte, Agribalyse"
	smcd      = "SMCD Sud, https://smcd-sud.fr/moins-de-dechets-cest-possible/la-vaisselle-reutilisable"
	houyet    = "commune of Houyet, https://houyet.be/utilisation-des-gobelets-reutilisables-sur-la-commune-de-houyet"
	biodiv    = "http://www.biodivercites78.com/actualite-668-pollution-par-les-gobelets-plastique.html"
)

// DisposableMass is the mass of a single-use plastic cup: a supplier's 3 to 5 g, a
// French average of up to 8 g (32,000 t for 4 billion cups in 2014).
func DisposableMass() Factor {
	return Factor{ID: "mD", Value: Range{3, 8}, Unit: "g",
		Source: "https://ecocup.com/fr/gobelets-reutilisables-reduire-pollution-plastique ; https://fr.wikipedia.org/wiki/Gobelet_en_plastique"}
}

// ReusableMass is the mass of a reusable polypropylene cup, 5 to 6 times a
// disposable one; the supplier's sheet replaces it.
func ReusableMass() Factor {
	return Factor{ID: "mR", Value: Range{15, 30}, Unit: "g",
		Source: "http://www.theecologist.org/2019/oct/03/are-reusable-cups-all-theyre-cracked-be (ratio 5), lavenir.net 2023-09-11 (ratio 6)"}
}

// DisposableCarbon is making one single-use cup: from resin alone (3 g at 2 kg/kg)
// to a coffee cup study.
func DisposableCarbon() Factor {
	return Factor{ID: "eD", Value: Range{6, 60.9}, Unit: "g CO2e",
		Source: "resin: https://www.golden-compound.com/en/archiv/blog-co2/ ; ceiling: coffee cup study quoted at autonews.lv"}
}

// ReusableCarbon is making one reusable cup: from resin alone (15 g at 2 kg/kg) to
// the University of Bath's figure.
func ReusableCarbon() Factor {
	return Factor{ID: "eR", Value: Range{30, 200}, Unit: "g CO2e",
		Source: "resin: https://www.golden-compound.com/en/archiv/blog-co2/ ; Bath: http://www.theecologist.org/2019/oct/03/are-reusable-cups-all-theyre-cracked-be"}
}

// WashCarbon is washing one cup in France: 11 Wh at 32 to 73 g/kWh. Detergent and
// transport are not in it.
func WashCarbon() Factor {
	return Factor{ID: "eW", Value: Range{0.011 * 32, 0.011 * 73}, Unit: "g CO2e",
		Source: biodiv + " (energy); https://analysesetdonnees.rte-france.com/bilan-electrique-2023/emissions and https://adimas.paris/facteurs-d-emission-du-mix-electrique-france-et-europe (electricity)"}
}

// LossShare is the share of cups that do not come back: 7 % (Belgium, with a
// deposit) to 30 % (kept as souvenirs).
func LossShare() Factor {
	return Factor{ID: "q", Value: Range{0.07, 0.30}, Unit: "share of cups",
		Source: "https://www.rtbf.be article 11246963 (7 %); https://www.mdpi.com/2071-1050/13/1/247 (12 %); https://www.20minutes.fr article 4046444 (30 %)"}
}

// UsualLoss is the middle figure of LossShare: 5 % lost and 7 % damaged at seven
// Lithuanian festivals in 2019.
const UsualLoss = 0.12

// CupsPerGuest is what a guest uses in a day when nothing is washed on site.
func CupsPerGuest() Factor {
	return Factor{ID: "cups per guest", Value: Range{3, 5}, Unit: "cups a day",
		Source: "https://rubbishreusables.com/how-many-reusable-cups-event"}
}

// Buffer is the margin suppliers advise over the cups used.
func Buffer() Factor {
	return Factor{ID: "buffer", Value: Range{0.10, 0.15}, Unit: "share of cups",
		Source: "https://rubbishreusables.com/how-many-reusable-cups-event"}
}

// BreakEvenPublished is the range of uses after which studies find a reusable cup
// better, to be shown beside the event's own.
func BreakEvenPublished() Factor {
	return Factor{ID: "n*", Value: Range{5, 25}, Unit: "uses",
		Source: "DUH 2013 (5), Mountain Riders 2011 (7), Garrido 2007 (10), UBA 2019 (10 to 25)"}
}

// MostUses is how often a supplier says a cup can be used.
func MostUses() Factor {
	return Factor{ID: "M", Value: Exactly(100), Unit: "uses",
		Source: "http://www.courantpositif.fr/les-gobelets-reutilisables-ecocup-ont-le-vent-en-poupe/ (a supplier's claim)"}
}

// Washing one cup takes these.
func WashWater() Factor {
	return Factor{ID: "wash water", Value: Exactly(0.08), Unit: "l", Source: biodiv}
}

// WashDetergent is the detergent for one cup.
func WashDetergent() Factor {
	return Factor{ID: "wash detergent", Value: Exactly(0.12), Unit: "g", Source: biodiv}
}

// WashRinse is the rinse aid for one cup.
func WashRinse() Factor {
	return Factor{ID: "wash rinse aid", Value: Exactly(0.018), Unit: "g", Source: biodiv}
}

// WashEnergy is the energy for one cup; the source prints W, read as Wh.
func WashEnergy() Factor {
	return Factor{ID: "wash energy", Value: Exactly(0.011), Unit: "kWh", Source: biodiv}
}

// WashPrice is what a service asks for one cup.
func WashPrice() Factor {
	return Factor{ID: "wash price", Value: Range{0.05, 0.10}, Unit: "EUR", Source: smcd + " ; " + houyet}
}

// FoodWaste is what a guest leaves of a meal in collective catering.
func FoodWaste() Factor {
	return Factor{ID: "food waste", Value: Exactly(0.120), Unit: "kg a meal",
		Source: "ADEME, https://cerin.org/articles/reduire-le-gaspillage-en-restauration-collective"}
}

// FoodWastePrice is what that waste costs.
func FoodWastePrice() Factor {
	return Factor{ID: "food waste price", Value: Exactly(0.68), Unit: "EUR a meal",
		Source: "ADEME, https://cerin.org/articles/reduire-le-gaspillage-en-restauration-collective"}
}

// Meals are the kinds of meal, in kg CO2e each.
func Meals() []Factor {
	return per("kg CO2e a meal", []named{
		{"beef", 7.26}, {"chicken", 1.58}, {"white fish", 1.98}, {"oily fish", 1.11}, {"vegetarian", 0.51}, {"vegan", 0.39},
	})
}

// Travels are the ways to come, in kg CO2e a kilometre: of a person, but for the
// cars, which count by vehicle.
func Travels() []Factor {
	return per("kg CO2e a km", []named{
		{"TGV", 0.00293}, {"Intercités", 0.0075}, {"TER", 0.02769}, {"RER", 0.00978}, {"metro", 0.00444},
		{"tram", 0.00428}, {"coach", 0.03756}, {"bus", 0.12242}, {"car", 0.2176}, {"electric car", 0.1034},
		{"plane to 1000 km", 0.22457}, {"plane to 2000 km", 0.18466}, {"plane beyond", 0.16679},
	})
}

type named struct {
	id    string
	value float64
}

func per(unit string, list []named) []Factor {
	factors := make([]Factor, len(list))
	for i, x := range list {
		factors[i] = Factor{ID: x.id, Value: Exactly(x.value), Unit: unit, Source: impactCO2}
	}
	return factors
}

// Find is the factor of the given id.
func Find(factors []Factor, id string) (Factor, bool) {
	for _, f := range factors {
		if f.ID == id {
			return f, true
		}
	}
	return Factor{}, false
}
