namespace ServeFlow.Training.Datasets;

/// <summary>
/// Finds a capture that holds nearly all flows: captures are divided whole, so one side would get nearly nothing.
/// </summary>
static class DominantCapture
{
    /// <summary>Above this share, a fifth cannot be set aside, and folds by capture train on leftovers.</summary>
    const double Share = 0.8;

    /// <summary>Names such a capture and says what to do; null where there is none.</summary>
    public static string? Explain(FlowSample flows)
    {
        var (group, count) = flows.Groups.CountBy(place => place).MaxBy(entry => entry.Value);
        return count > Share * flows.Count
            ? $"{NameOf(flows.Data, group)} holds {count} of {flows.Count} flows; {Remedy(flows.Data)}"
            : null;
    }

    static string NameOf(DataSet data, int group) =>
        data.Groups.Count > 0 ? data.Groups[group] : data.Captures[group].Path;

    /// <summary>Says how to divide one capture, or one group.</summary>
    public static string Remedy(DataSet data) => data.Groups.Count > 0
        ? $"give flows of more groups, or divide by another column of the labels than '{data.GroupColumn}'"
        : "cut it into several (editcap -i 60 IN OUT), give more captures, or split by time";
}
