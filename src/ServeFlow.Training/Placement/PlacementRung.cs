namespace ServeFlow.Training.Placement;

/// <summary>What a cascade must reach on the calibration flows to be chosen.</summary>
/// <param name="Accuracy">Share of flows answered rightly, in the search.</param>
/// <param name="WeightedF1">After calibration.</param>
readonly record struct PlacementRung(double Accuracy, double WeightedF1);
