namespace ServeFlow.Training.Reports.Pages;

/// <summary>
/// Figures of "ServeFlow: A Fast-Slow Model Architecture for Network Traffic Analysis" (arXiv 2402.03694), on its own
/// captures.
/// </summary>
static class PaperFigures
{
    /// <summary>Lists the packet depths of its tables.</summary>
    public static readonly IReadOnlyList<int> Depths = [1, 5, 10];

    /// <summary>Its Table 1: weighted F1 at each depth.</summary>
    public static readonly IReadOnlyList<(string Model, IReadOnlyList<double> ByDepth)> WeightedF1 =
    [
        ("services: decision tree", [0.845, 0.907, 0.909]),
        ("services: LightGBM", [0.921, 0.967, 0.973]),
        ("services: CNN", [0.887, 0.929, 0.930]),
        ("devices: decision tree", [0.812, 0.824, 0.827]),
        ("devices: LightGBM", [0.913, 0.918, 0.919]),
        ("devices: CNN", [0.881, 0.910, 0.911]),
        ("video quality: decision tree", [0.715, 0.740, 0.745]),
        ("video quality: LightGBM", [0.723, 0.769, 0.773]),
        ("video quality: CNN", [0.710, 0.752, 0.764]),
    ];

    /// <summary>Its Table 2: median milliseconds per flow at each depth; features apart from models.</summary>
    public static readonly IReadOnlyList<(string Model, IReadOnlyList<double> ByDepth)> Ms =
    [
        ("features", [0.012, 0.058, 0.139]),
        ("services: decision tree", [0.052, 0.142, 0.251]),
        ("services: LightGBM", [0.139, 0.237, 0.358]),
        ("services: CNN", [0.481, 3.815, 7.345]),
        ("devices: decision tree", [0.053, 0.145, 0.275]),
        ("devices: LightGBM", [0.210, 0.322, 0.460]),
        ("devices: CNN", [0.491, 3.277, 6.446]),
        ("video quality: decision tree", [0.053, 0.095, 0.164]),
        ("video quality: LightGBM", [0.162, 0.218, 0.298]),
        ("video quality: CNN", [0.385, 3.290, 6.543]),
    ];
}
