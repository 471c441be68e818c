using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>
/// A confusion matrix: rows are the true classes, columns the answers, shade the share of the row. Cells carry their
/// count where it fits. Answers without a class have a column of their own, where there are any.
/// </summary>
sealed class ConfusionFigure
{
    /// <summary>Leaves room for the longest class name; longer ones are cut short.</summary>
    const double MaxMargin = 190;

    /// <summary>Limits the classes that are drawn: more cells than these no page shows well.</summary>
    const int MaxDrawn = 100;

    const double SmallestCell = 24;
    const double LargestCell = 46;

    /// <summary>Above this share of its row a cell is dark enough for light letters.</summary>
    const double Dark = 0.7;

    /// <summary>Specifies the shade of a cell with a single flow among many.</summary>
    const double Palest = 0.1;

    const double Foot = 62;

    /// <summary>Specifies the width of the five shades and what they mean, in pixels.</summary>
    const double KeyWidth = 370;

    static readonly TextLook Name = TextLook.Ink;

    readonly EvaluationResult result;
    readonly int[] rows;
    readonly int[] columns;
    readonly int leftOut;
    readonly double margin;
    readonly double cell;
    readonly Canvas canvas;

    ConfusionFigure(EvaluationResult result)
    {
        this.result = result;
        var matrix = result.Confusion;
        int[] occurring =
            [.. Enumerable.Range(0, matrix.Classes).Where(c => matrix.Support(c) > 0 || matrix.Predicted(c) > 0)];
        rows = [.. occurring.OrderByDescending(matrix.Support).Take(MaxDrawn).Order()];
        leftOut = occurring.Length - rows.Length;
        columns = HasUnknown(matrix) ? [.. rows, ConfusionMatrix.Unanswered] : rows;
        margin = Math.Min(MaxMargin, columns.Max(c => Name.Width(Label(c))) + 8) + Name.Height + 6;
        cell = Math.Clamp((Plot.Full - margin - 10) / columns.Length, SmallestCell, LargestCell);
        canvas = new(Math.Max(margin + (columns.Length * cell) + 10, margin + KeyWidth), Bottom + Foot,
            "confusion matrix",
            $"{NumberText.Percent(matrix.Accuracy)} of the flows lie on the diagonal, where answer and truth agree.");
    }

    double Bottom => margin + (rows.Length * cell);

    public static Figure Draw(EvaluationResult result)
    {
        var figure = new ConfusionFigure(result);
        figure.DrawNames();
        for (var row = 0; row < figure.rows.Length; row++)
        {
            figure.DrawRow(row);
        }

        figure.DrawKey();
        return new("What the cascade takes for what", "Rows are the true classes, columns the answers. The shade is "
            + "the share of the row; counts stand where they fit."
            + (figure.leftOut == 0 ? "" : $" The {MaxDrawn} classes of most flows are drawn, "
                + $"{NumberText.Count(figure.leftOut)} others are not."), figure.canvas.ToString(), figure.Data());
    }

    void DrawNames()
    {
        for (var row = 0; row < rows.Length; row++)
        {
            canvas.Text(margin - 6, margin + ((row + 0.5) * cell), Short(rows[row]), Name, TextAnchor.End);
        }

        for (var column = 0; column < columns.Length; column++)
        {
            canvas.Upright(margin + ((column + 0.5) * cell), margin - 6, Short(columns[column]), Name,
                TextAnchor.Start);
        }

        var edge = TextLook.Plain.Height / 2;
        canvas.Text(margin + (columns.Length * cell / 2), edge, "answer", TextLook.Plain, TextAnchor.Middle);
        canvas.Upright(edge, margin + (rows.Length * cell / 2), "truth", TextLook.Plain, TextAnchor.Middle);
    }

    void DrawRow(int row)
    {
        var (truth, total) = (rows[row], result.Confusion.Support(rows[row]));
        for (var column = 0; column < columns.Length; column++)
        {
            var flows = result.Confusion[truth, columns[column]];
            var box = new Box(margin + (column * cell) + 0.75, margin + (row * cell) + 0.75, cell - 1.5, cell - 1.5);
            if (flows == 0)
            {
                canvas.Rect(box, "track", corner: 2);
                continue;
            }

            var share = (double)flows / total;
            var (name, answer) = (Label(truth), Label(columns[column]));
            canvas.Rect(box, row == column ? "f1" : "f2",
                $"{name} answered {answer}: {flows} of {total} ({NumberText.Percent(share)})", Shade(share), 2,
                Canvas.Data("truth", name) + Canvas.Data("answer", answer) + Canvas.Data("flows", flows));
            DrawCount(box, NumberText.Count(flows), share);
        }
    }

    void DrawCount(Box box, string text, double share)
    {
        var look = new TextLook(box.Width > 30 ? 11 : 9, share > Dark ? "on" : "ink");
        if (look.Width(text) <= box.Width - 2)
        {
            canvas.Text(box.CentreX, box.CentreY, text, look, TextAnchor.Middle);
        }
    }

    void DrawKey()
    {
        double[] shares = [0.02, 0.25, 0.5, 0.75, 1];
        (string Style, string Text)[] keys = [("f1", "right, share of the row"), ("f2", "wrong, share of the row")];
        foreach (var (row, (style, text)) in keys.Index())
        {
            var y = Bottom + 22 + (row * 20);
            foreach (var (i, share) in shares.Index())
            {
                canvas.Rect(new(margin + (i * 26), y - 7, 24, 14), style, NumberText.Percent(share, 0), Shade(share),
                    2);
            }

            canvas.Text(margin + (shares.Length * 26) + 6, y, $"{text}, 2 % to 100 %", TextLook.Plain);
        }
    }

    string Label(int label) => label < 0 ? Classification.UnknownLabel : result.Labels[label];

    string Short(int label) => TextWidth.Fit(Label(label), Name.Size, margin - Name.Height - 12);

    /// <summary>Every pair of classes, whether drawn or not; of very many classes the pairs that occur.</summary>
    CsvTable Data()
    {
        var matrix = result.Confusion;
        if (!matrix.ListsAllPairs)
        {
            var right = Enumerable.Range(0, matrix.Classes).Where(c => matrix[c, c] > 0)
                .Select(c => (Truth: c, Prediction: c, Flows: matrix[c, c]));
            return new("confusion", ["true", "answered", "flows"], [.. right.Concat(matrix.Confusions())
                .OrderBy(pair => (pair.Truth, pair.Prediction))
                .Select(pair => new[] { Label(pair.Truth), Label(pair.Prediction), $"{pair.Flows}" })]);
        }

        var answers = Enumerable.Range(0, matrix.Classes).ToList();
        var cells = from truth in Enumerable.Range(0, matrix.Classes)
                    from answer in HasUnknown(matrix) ? answers.Append(ConfusionMatrix.Unanswered) : answers
                    select new[] { Label(truth), Label(answer), $"{matrix[truth, answer]}" };
        return new("confusion", ["true", "answered", "flows"], [.. cells]);
    }

    static bool HasUnknown(ConfusionMatrix matrix) =>
        Enumerable.Range(0, matrix.Classes).Any(truth => matrix[truth, ConfusionMatrix.Unanswered] > 0);

    static double Shade(double share) => Palest + ((1 - Palest) * share);
}
