//go:build ignore

// Command skating makes skating.csv of the tidy files of the repository
// BuzzFeedNews/figure-skating-scores:
//
//	go run skating.go FOLDER > skating.csv
//
// It keeps the segments with at least 23 performances. For each performance and judge
// it writes the mean of the component marks and the mean of the grades of execution.
package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const fewest = 23

var short = strings.NewReplacer("ISU ", "", " Figure Skating", "", " Championships", "", "SHORT PROGRAM", "short", "FREE SKATING", "free", "SHORT DANCE", "short", "ICE DANCE", "dance", "LADIES", "ladies", "MEN", "men", "PAIRS", "pairs")

type sheet struct {
	segment, performance, judge string
	sum, n                      map[string]float64 // by section
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: go run skating.go FOLDER > skating.csv")
	}
	segment, size := map[string]string{}, map[string]int{}
	for _, r := range rows("performances.csv") {
		segment[r["performance_id"]] = short.Replace(r["competition"] + ": " + r["program"])
		size[segment[r["performance_id"]]]++
	}
	type aspect struct{ performance, section string }
	aspects := map[string]aspect{}
	for _, r := range rows("judged-aspects.csv") {
		aspects[r["aspect_id"]] = aspect{r["performance_id"], r["section"]}
	}
	sheets := map[[2]string]*sheet{}
	for _, r := range rows("judge-scores.csv") {
		x, err := strconv.ParseFloat(r["score"], 64)
		a := aspects[r["aspect_id"]]
		if err != nil || size[segment[a.performance]] < fewest { // a dash is a judge who was absent
			continue
		}
		key := [2]string{a.performance, r["judge"]}
		if sheets[key] == nil {
			sheets[key] = &sheet{segment[a.performance], a.performance, r["judge"], map[string]float64{}, map[string]float64{}}
		}
		sheets[key].sum[a.section] += x
		sheets[key].n[a.section]++
	}
	write(sheets)
}

func write(sheets map[[2]string]*sheet) {
	var list []*sheet
	for _, s := range sheets {
		list = append(list, s)
	}
	slices.SortFunc(list, func(x, y *sheet) int {
		return cmp.Or(cmp.Compare(x.segment, y.segment), cmp.Compare(x.performance, y.performance), cmp.Compare(x.judge, y.judge))
	})
	out := csv.NewWriter(os.Stdout)
	records := [][]string{{"segment", "performance", "judge", "components", "execution"}}
	for _, s := range list {
		mean := func(section string) string { return fmt.Sprintf("%.3f", s.sum[section]/s.n[section]) }
		records = append(records, []string{s.segment, s.performance, s.judge, mean("components"), mean("elements")})
	}
	if err := out.WriteAll(records); err != nil {
		log.Fatal(err)
	}
}

func rows(name string) []map[string]string {
	f, err := os.Open(filepath.Join(os.Args[1], name))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	var list []map[string]string
	for _, record := range records[1:] {
		row := map[string]string{}
		for k, column := range records[0] {
			row[column] = record[k]
		}
		list = append(list, row)
	}
	return list
}
