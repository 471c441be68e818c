using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Drawing;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>
/// A confusion matrix: rows are the true classes, columns the answers, shade the share of the row. Cells carry their
/// count where it fits.
/// </summary>
static class ConfusionFigure
{
    /// <summary>Room for the longest class name; longer ones are cut short.</summary>
    const double MostMargin = 190;

    const double SmallestCell = 24;
    const double LargestCell = 46;

    /// <summary>Above this share of its row a cell is dark enough for light letters.</summary>
    const double Dark = 0.55;

    /// <summary>So pale is a cell with a single flow among many.</summary>
    const double Palest = 0.1;

    const double Foot = 62;

    /// <summary>Of the five shades and what they mean.</summary>
    const double KeyWidth = 370;

    static readonly TextLook Name = TextLook.Ink;

    public static Figure Draw(EvaluationResult result)
    {
        var matrix = result.Confusion;
        int[] shown = [.. Enumerable.Range(0, result.Labels.Count)
            .Where(c => matrix.Support(c) > 0 || matrix.Predicted(c) > 0)];
        string[] labels = [.. shown.Select(c => result.Labels[c])];
        int Count(int row, int column) => matrix[shown[row], shown[column]];
        var margin = Math.Min(MostMargin, labels.Max(l => Name.Width(l)) + 8) + Name.Height + 6;
        var cell = Math.Clamp((Plot.Full - margin - 10) / labels.Length, SmallestCell, LargestCell);
        var side = margin + (labels.Length * cell);
        var canvas = new Canvas(Math.Max(side + 10, margin + KeyWidth), side + Foot, "confusion matrix",
            $"{NumberText.Percent(matrix.Accuracy)} of the flows lie on the diagonal, where answer and truth agree.");
        DrawNames(canvas, labels, margin, cell);
        for (var row = 0; row < labels.Length; row++)
        {
            DrawRow(canvas, labels, Count, row, margin, cell);
        }

        DrawKey(canvas, margin, side + 22);
        return new("What the cascade takes for what", "Rows are the true classes, columns the answers. The shade is "
            + "the share of the row; counts stand where they fit.", canvas.ToString(), Data(result.Labels, matrix));
    }

    static void DrawNames(Canvas canvas, string[] labels, double margin, double cell)
    {
        var room = margin - Name.Height - 12;
        for (var i = 0; i < labels.Length; i++)
        {
            var middle = margin + ((i + 0.5) * cell);
            var text = TextWidth.Fit(labels[i], Name.Size, room);
            canvas.Text(margin - 6, middle, text, Name, TextAnchor.End);
            canvas.Upright(middle, margin - 6, text, Name, TextAnchor.Start);
        }

        var centre = margin + (labels.Length * cell / 2);
        canvas.Text(centre, TextLook.Plain.Height / 2, "answer", TextLook.Plain, TextAnchor.Middle);
        canvas.Upright(TextLook.Plain.Height / 2, centre, "truth", TextLook.Plain, TextAnchor.Middle);
    }

    static void DrawRow(Canvas canvas, string[] labels, Func<int, int, int> count, int row, double margin, double cell)
    {
        var total = Enumerable.Range(0, labels.Length).Sum(column => count(row, column));
        for (var column = 0; column < labels.Length; column++)
        {
            var flows = count(row, column);
            var share = total == 0 ? 0 : (double)flows / total;
            var box = new Box(margin + (column * cell) + 0.75, margin + (row * cell) + 0.75, cell - 1.5, cell - 1.5);
            if (flows == 0)
            {
                canvas.Rect(box, "track", corner: 2);
                continue;
            }

            canvas.Rect(box, row == column ? "f1" : "f2",
                $"{labels[row]} answered {labels[column]}: {flows} of {total} ({NumberText.Percent(share)})", Shade(share),
                2, Canvas.Data("truth", labels[row]) + Canvas.Data("answer", labels[column]) + Canvas.Data("flows", flows));
            DrawCount(canvas, box, NumberText.Count(flows), share);
        }
    }

    static void DrawCount(Canvas canvas, Box box, string text, double share)
    {
        var look = new TextLook(box.Width > 30 ? 11 : 9, share > Dark ? "on" : "ink");
        if (look.Width(text) <= box.Width - 2)
        {
            canvas.Text(box.Centre, box.Middle, text, look, TextAnchor.Middle);
        }
    }

    static void DrawKey(Canvas canvas, double left, double top)
    {
        double[] shares = [0.02, 0.25, 0.5, 0.75, 1];
        (string Style, string Text)[] rows = [("f1", "right, share of the row"), ("f2", "wrong, share of the row")];
        foreach (var (row, (style, text)) in rows.Index())
        {
            var y = top + (row * 20);
            foreach (var (i, share) in shares.Index())
            {
                canvas.Rect(new(left + (i * 26), y - 7, 24, 14), style, NumberText.Percent(share, 0), Shade(share), 2);
            }

            canvas.Text(left + (shares.Length * 26) + 6, y, $"{text}, 2 % to 100 %", TextLook.Plain);
        }
    }

    static double Shade(double share) => Palest + ((1 - Palest) * share);

    static CsvTable Data(IReadOnlyList<string> labels, ConfusionMatrix matrix) =>
        new("confusion", ["true", "answered", "flows"],
        [.. from row in Enumerable.Range(0, labels.Count) from column in Enumerable.Range(0, labels.Count)
            select new[] { labels[row], labels[column], $"{matrix[row, column]}" }]);
}
