using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>Represents a table of the page and the file behind it.</summary>
/// <param name="Name">The name of the file, without its extension.</param>
/// <param name="Caption">What the table shows, in one sentence or two.</param>
/// <param name="Heads">What the page calls its columns.</param>
/// <param name="Shown">Cells as the page shows them.</param>
/// <param name="Data">The same as the file holds them.</param>
sealed record Table(string Name, string Caption, IReadOnlyList<string> Heads,
    IReadOnlyList<IReadOnlyList<string>> Shown, CsvTable Data)
{
    /// <summary>Gets the rows to stress.</summary>
    public IReadOnlyCollection<int> Strong { get; init; } = [];

    /// <summary>Gets how many columns at the left hold words.</summary>
    public int Words { get; init; } = 1;

    public static Table From<T>(string name, string caption, IEnumerable<T> rows,
        params IReadOnlyList<Column<T>> columns)
    {
        var all = rows.ToList();
        var shown = columns.Where(c => c.IsOnPage).ToList();
        return new(name, caption, [.. shown.Select(c => c.Head)],
            [.. all.Select(row => shown.Select(c => c.Shown(row)).ToArray())],
            new(name, [.. columns.Select(c => c.Name)],
                [.. all.Select(row => columns.Select(c => c.Raw(row)).ToArray())]))
        {
            Words = Math.Max(1, columns.TakeWhile(c => c.IsText).Count()),
        };
    }
}

/// <summary>Represents a column of a <see cref="Table"/>.</summary>
/// <param name="Head">On the page.</param>
/// <param name="Name">The column's name in the file.</param>
/// <param name="Shown">A row's cell on the page.</param>
/// <param name="Raw">The same in the file.</param>
/// <param name="IsText">Whether it holds words rather than numbers.</param>
sealed record Column<T>(string Head, string Name, Func<T, string> Shown, Func<T, string> Raw, bool IsText = false)
{
    /// <summary>Gets whether the page has the column too, and not the file alone.</summary>
    public bool IsOnPage { get; init; } = true;

    public static Column<T> Text(string head, string name, Func<T, string> text) =>
        new(head, name, text, text, IsText: true);

    public static Column<T> Count(string head, string name, Func<T, int> count) =>
        new(head, name, row => NumberText.Count(count(row)), row => $"{count(row)}");

    public static Column<T> Fixed(string head, string name, int digits, Func<T, double> value) =>
        new(head, name, row => NumberText.Fixed(value(row), digits), row => NumberText.Raw(value(row)));

    public static Column<T> Share(string head, string name, Func<T, double> share) =>
        new(head, name, row => NumberText.Percent(share(row)), row => NumberText.Raw(share(row)));

    /// <param name="ms">Milliseconds.</param>
    public static Column<T> Duration(string head, string name, Func<T, double> ms) =>
        new(head, name, row => ServeFlow.Training.Reports.Drawing.AxisText.Duration(ms(row)),
            row => NumberText.Raw(ms(row)));
}
