namespace ServeFlow.Training.Placement;

/// <summary>Cascades that no other beats in both accuracy and mean time to an answer.</summary>
public sealed class ParetoPoints
{
    readonly List<CascadePoint> points = [];

    /// <summary>By rising accuracy, hence rising time.</summary>
    public IReadOnlyList<CascadePoint> Points => points;

    internal void Offer(CascadePoint point)
    {
        var place = points.FindIndex(p => p.Accuracy >= point.Accuracy);
        if (place >= 0 && points[place].MeanMs <= point.MeanMs)
        {
            return;
        }

        points.RemoveAll(p => p.Accuracy <= point.Accuracy && p.MeanMs >= point.MeanMs);
        place = points.FindIndex(p => p.Accuracy > point.Accuracy);
        points.Insert(place < 0 ? points.Count : place, point);
    }
}
