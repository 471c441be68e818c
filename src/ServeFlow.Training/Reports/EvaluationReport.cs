using System.Globalization;
using System.Text;
using ServeFlow.Training.Evaluation;

namespace ServeFlow.Training.Reports;

/// <summary>An evaluation as one self-contained page, and the figures behind its pictures as CSV.</summary>
public static class EvaluationReport
{
    /// <summary>Where a logarithmic time axis begins, in milliseconds: 100 ns, for a shallow
    /// tree answers in less than a microsecond.</summary>
    const double ShortestMs = 1e-4;

    /// <summary>Writes report.html, curves.csv, latency.csv and confusion.csv; returns the page's path.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public static string Write(EvaluationResult result, string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            Put(Path.Combine(directory, "curves.csv"), EvaluationText.CurvesCsv(result));
            Put(Path.Combine(directory, "latency.csv"), LatencyCsv(result));
            Put(Path.Combine(directory, "confusion.csv"), ConfusionCsv(result));
            var page = Path.Combine(directory, "report.html");
            Put(page, Page(result));
            return page;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: the report cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Checks, before the evaluation, that a report can be written to a directory.</summary>
    /// <exception cref="InputException">It is a file, or cannot be made.</exception>
    public static void CheckTarget(string directory)
    {
        if (File.Exists(directory))
        {
            throw new InputException($"{directory}: is a file; give --report a directory");
        }

        try
        {
            var isNew = !Directory.Exists(directory);
            Directory.CreateDirectory(directory);
            if (isNew)
            {
                Directory.Delete(directory); // nothing stays behind if the evaluation fails
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{directory}: cannot be made ({e.Message}); give --report a directory that can "
                + "be written", e);
        }
    }

    static void Put(string path, string text)
    {
        var partial = path + ".partial";
        File.WriteAllText(partial, text);
        File.Move(partial, path, overwrite: true);
    }

    static string Page(EvaluationResult result)
    {
        var (manifest, data) = (result.Bundle.Manifest, result.Data);
        var page = new HtmlPage($"{manifest.Name} {manifest.Version}: what the cascade is worth");
        page.Lead($"{data.Flows:N0} flows of {data.Classes} classes in {data.Captures:N0} captures that training never "
            + "saw. Every labelled flow counts; a flow without an answer is a wrong answer.");
        page.Cards(
            (Percent(result.Cascade.Under16Ms), "of flows answered in under 16 ms"),
            (Axis.Duration(result.Cascade.MedianMs),
                $"median time to an answer; {Axis.Duration(result.SlowOnly.MedianMs)} with the slow model on every flow"),
            ($"{N(result.Cascade.WeightedF1, 3)}", $"weighted F1; {N(result.SlowOnly.WeightedF1, 3)} with the slow model on every flow"),
            (Percent(result.ErrorsCaught), "of the first tier's wrong answers escalated"));
        AddPaper(page, result);
        AddSystems(page, result);
        AddTiers(page, result);
        AddCurves(page, result);
        AddLatency(page, result);
        AddClasses(page, result);
        return page.ToString();
    }

    /// <summary>Figures: the ServeFlow paper (arXiv 2402.03694), service recognition.</summary>
    static void AddPaper(HtmlPage page, EvaluationResult result)
    {
        page.Heading("Beside the paper");
        page.Paragraph("The paper measured on its own captures of eleven services, and counted answered flows only; "
            + "here every flow counts. Other data, so no contest: a scale to read the figures by.");
        page.Table(["", "here", "paper"],
        [
            ["answered in under 16 ms", Percent(result.Cascade.Under16Ms), "76.3 %"],
            ["median latency, slow model on every flow / cascade", $"{N(result.SpeedupMedian, 1)}", "40.5"],
            ["weighted F1, cascade", N(result.Cascade.WeightedF1, 3), "0.964"],
            ["weighted F1, slow model on every flow", N(result.SlowOnly.WeightedF1, 3), "0.973"],
            ["wrong first answers escalated", Percent(result.ErrorsCaught), "82–95 %"],
            ["first answers escalated", Percent(result.Tiers[0].EscalatedShare), "about 50 %"],
        ]);
    }

    static void AddSystems(HtmlPage page, EvaluationResult result)
    {
        page.Heading("Six systems on the same flows");
        page.Table(["system", "weighted F1", "macro F1", "accuracy", "median ms", "p90 ms", "p99 ms", "< 16 ms", "packets"],
            result.Systems.Select(s => (IReadOnlyList<string>)[s.Name, N(s.Score.WeightedF1, 4), N(s.Score.MacroF1, 4),
                N(s.Score.Accuracy, 4), N(s.Score.MedianMs, 3), N(s.Score.P90Ms, 1), N(s.Score.P99Ms, 1),
                Percent(s.Score.Under16Ms), N(s.Score.PacketsMean, 2)]), strong: 0);
        page.Lead("random escalates as many flows as the cascade, drawn at random; oracle knows which answers are wrong "
            + "and which the slow model mends.");
    }

    static void AddTiers(HtmlPage page, EvaluationResult result)
    {
        page.Heading("Tiers");
        page.Table(["tier", "model", "packets", "answers", "escalates", "errors caught", "weighted F1 on all", "µs/flow"],
            result.Tiers.Select(t => (IReadOnlyList<string>)[t.Name, t.Model, $"{t.Packets}", Percent(t.AnsweredShare),
                Percent(t.EscalatedShare), Percent(t.ErrorsCaught), N(t.WeightedF1, 4), N(t.NsPerFlow / 1e3, 2)]));
    }

    static void AddCurves(HtmlPage page, EvaluationResult result)
    {
        if (result.Curves.Count == 0)
        {
            return;
        }

        // The tier before the slow one decides who waits; those before it pass flows on to it.
        var curve = result.Curves[^1];
        var tier = result.Tiers[^2];
        var reaching = tier.AnsweredShare + tier.EscalatedShare;
        page.Heading("What escalating more or less would do");
        page.Paragraph($"Of the flows that reach tier {curve.Tier} ({Percent(reaching)} of all), the share that its "
            + "uncertainty passes on to the slow model, against the weighted F1 of all flows. The dot is where the "
            + "calibrated thresholds stand.");
        var f1 = curve.Points.Select(p => p.WeightedF1).Append(result.Cascade.WeightedF1).ToList();
        var floor = Math.Floor((f1.Min() - 0.005) * 50) / 50;
        page.Drawing(LinePlot.Draw(new("share escalated", 0, 1), new("weighted F1", floor, Math.Min(1, f1.Max() + 0.01)),
        [
            new("other thresholds", [.. curve.Points.Select(p => (p.Share, p.WeightedF1))], 1),
            new("cascade", [(tier.EscalatedShare / reaching, result.Cascade.WeightedF1)], 2, Marked: true),
        ]));
    }

    static void AddLatency(HtmlPage page, EvaluationResult result)
    {
        page.Heading("Time from the first packet to the answer");
        var longest = result.Systems.Max(s => s.Score.LatencyMs[^1]);
        page.Drawing(LinePlot.Draw(
            new("time to answer", ShortestMs, Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(longest, 1)))), Logarithmic: true),
            new("share of flows answered", 0, 1),
            [
                Cdf("cascade", result.Cascade, 1), Cdf("first tier only", result.FastestOnly, 4),
                Cdf("slow tier only", result.SlowOnly, 2),
            ]));
        page.Lead("Waiting by the captures' own timestamps, computing as measured on one core.");
    }

    static PlotLine Cdf(string name, SystemScore score, int colour) => new(name,
        [.. score.LatencyMs.Index().Select(q => (q.Item, (double)q.Index / (score.LatencyMs.Count - 1)))], colour);

    static void AddClasses(HtmlPage page, EvaluationResult result)
    {
        var matrix = result.Confusion;
        page.Heading("Classes");
        page.Table(["class", "precision", "recall", "F1", "flows"],
            result.Labels.Index().Where(l => matrix.Support(l.Index) > 0).Select(l => (IReadOnlyList<string>)[l.Item,
                N(matrix.Precision(l.Index), 3), N(matrix.Recall(l.Index), 3), N(matrix.F1(l.Index), 3),
                $"{matrix.Support(l.Index):N0}"]));
        page.Heading("Confusion");
        page.Paragraph("Rows are the true classes, columns the cascade's answers; the shade is the share of the row.");
        var shown = Enumerable.Range(0, result.Labels.Count)
            .Where(l => matrix.Support(l) > 0 || matrix.Predicted(l) > 0).ToArray();
        page.Drawing(ConfusionMap.Draw([.. shown.Select(l => result.Labels[l])],
            (row, column) => matrix[shown[row], shown[column]]));
    }

    static string LatencyCsv(EvaluationResult result)
    {
        var text = new StringBuilder("system,share,milliseconds\n");
        foreach (var (name, score) in result.Systems)
        {
            foreach (var (i, ms) in score.LatencyMs.Index())
            {
                text.Append($"{name},{N((double)i / (score.LatencyMs.Count - 1), 4)},{N(ms, 6)}\n");
            }
        }

        return text.ToString();
    }

    static string ConfusionCsv(EvaluationResult result)
    {
        var text = new StringBuilder("true,answered,flows\n");
        for (var row = 0; row < result.Labels.Count; row++)
        {
            for (var column = 0; column < result.Labels.Count; column++)
            {
                text.Append($"\"{result.Labels[row]}\",\"{result.Labels[column]}\",{result.Confusion[row, column]}\n");
            }
        }

        return text.ToString();
    }

    static string Percent(double share) => N(share * 100, 1) + " %";

    static string N(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
