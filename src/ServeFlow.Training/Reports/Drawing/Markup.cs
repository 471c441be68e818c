using System.Net;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Text inside HTML and SVG.</summary>
static class Markup
{
    /// <summary>
    /// Escapes what markup would take for its own, and control characters, which XML does not allow at all.
    /// </summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(PrintableText.Escape(text));
}
