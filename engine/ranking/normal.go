package ranking

import "math"

// normalQuantile and normalCDF are those of the standard normal law.
func normalQuantile(p float64) float64 { return float64(math.Sqrt2 * math.Erfinv(float64(2*p)-1)) }
func normalCDF(x float64) float64      { return float64(math.Erfc(-x/math.Sqrt2) / 2) }
