namespace ServeFlow.Training.Reports.Pages;

/// <summary>
/// The style of the page and of its drawings. Paper is always light. The eight colours are Okabe and Ito's, which
/// people with any kind of colour blindness tell apart, darkened for light paper where they were too pale to read.
/// </summary>
static class PageStyle
{
    const string Light = """
        --bg:#fff;--card:#fff;--ink:#1b2430;--soft:#566173;--rule:#e4e8ee;--axis:#8a94a3;--tint:#f5f7fa;--on:#fff;
        --c1:#0068b3;--c2:#cf5200;--c3:#00875f;--c4:#a34a86;--c5:#b07a00;--c6:#3a93c7;--c7:#7b8694;--c8:#1b2430;
        --good:#00704f;--bad:#b34000
        """;

    const string Dark = """
        --bg:#11151b;--card:#161b23;--ink:#e8ecf3;--soft:#a0abbb;--rule:#29313c;--axis:#667182;--tint:#1a2029;--on:#0b0f14;
        --c1:#5cb8f2;--c2:#ff9257;--c3:#35cfa2;--c4:#e59ccb;--c5:#eebd4a;--c6:#9ad5f5;--c7:#98a3b3;--c8:#e8ecf3;
        --good:#35cfa2;--bad:#ff9257
        """;

    /// <summary>Colours, and how drawings use them.</summary>
    public static string Drawings { get; } = $$"""
        :root{color-scheme:light dark; {{Light}} }
        @media screen and (prefers-color-scheme:dark){:root{ {{Dark}} } }
        @media print{:root{color-scheme:light} }
        text{fill:var(--soft);font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        text.ink{fill:var(--ink)}text.b{font-weight:600}text.on{fill:var(--on)}text.bad{fill:var(--bad)}
        text.halo{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
        .grid{stroke:var(--rule);fill:none}.axis{stroke:var(--axis);fill:none}.leader{stroke:var(--axis);fill:none;stroke-width:.8}
        .guide{stroke:var(--soft);fill:none;stroke-dasharray:2 4}
        .line{fill:none;stroke-linejoin:round;stroke-linecap:butt}.w1{stroke-width:1.9}.w2{stroke-width:2.8}
        .d1{stroke-dasharray:6 4}.d2{stroke-dasharray:12 4}.d3{stroke-dasharray:10 3 2 3}.d4{stroke-dasharray:2 3}
        .mark{stroke:var(--card);stroke-width:1.2}.ring{fill:none;stroke-width:2}.track{fill:var(--tint)}.bar{fill:var(--rule)}.band{fill-opacity:.55}.early{fill-opacity:.2;stroke-width:1;stroke-dasharray:3 2}
        {{Numbered()}}
        """;

    /// <summary>Everything the page needs.</summary>
    public static string Page { get; } = Drawings + """
        *{box-sizing:border-box}html{-webkit-text-size-adjust:100%}
        body{background:var(--bg);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;max-width:910px;margin:0 auto;padding:3rem 25px 4rem}
        h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.01em;margin:0 0 .5rem}
        h2{font-size:1.3rem;letter-spacing:-.005em;margin:3.4rem 0 .6rem;padding-top:1.1rem;border-top:1px solid var(--rule);break-after:avoid}
        h3{font-size:1.02rem;margin:1.8rem 0 .3rem;break-after:avoid}
        p{margin:.55rem 0;max-width:46rem}.soft{color:var(--soft)}a{color:var(--c1);text-decoration:none}a:hover{text-decoration:underline}
        nav{margin:1.8rem 0 0;font-size:.9rem}nav ol{columns:3 220px;column-gap:1.5rem;margin:.3rem 0 0;padding:0;list-style:none}nav li{padding:.08rem 0;break-inside:avoid}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:1px;margin:1.7rem 0;background:var(--rule);border:1px solid var(--rule);border-radius:8px;overflow:hidden;break-inside:avoid}
        .cards div{background:var(--card);padding:.95rem 1.1rem;font-size:.86rem;line-height:1.4;color:var(--soft)}
        .cards b{display:block;font-size:1.65rem;line-height:1.25;font-weight:600;color:var(--ink);letter-spacing:-.01em}
        .verdicts{list-style:none;margin:1.2rem 0;padding:0;border:1px solid var(--rule);border-radius:8px}
        .verdicts li{padding:.5rem 1rem .5rem 2.6rem;border-top:1px solid var(--rule);position:relative;font-size:.95rem;break-inside:avoid}
        .verdicts li:first-child{border-top:0}.verdicts b{position:absolute;left:1rem}
        .good b{color:var(--good)}.bad b{color:var(--bad)}.note b{color:var(--soft)}
        .table{overflow-x:auto;margin:.9rem 0 .2rem}table{border-collapse:collapse;width:100%;font-size:.84rem;line-height:1.35;font-variant-numeric:tabular-nums}
        caption{break-after:avoid;caption-side:top;text-align:left;color:var(--soft);font-size:.88rem;padding:0 0 .5rem;line-height:1.45}caption b,figcaption b{color:var(--ink);font-weight:600}
        th,td{padding:.36rem .42rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
        th{font-weight:500}thead th{color:var(--soft);vertical-align:bottom;border-bottom-color:var(--axis)}
        .word{text-align:left}tr{break-inside:avoid}tr.strong>*{font-weight:650;background:var(--tint)}
        td:first-child,th:first-child{padding-left:0}tr.strong>:first-child{padding-left:.3rem}td.wrap{white-space:normal}
        .file{color:var(--soft);font-size:.8rem;white-space:nowrap}
        figure{margin:1.4rem 0 1rem;break-inside:avoid}figcaption{color:var(--soft);font-size:.88rem;line-height:1.45;margin:0 0 .7rem;max-width:46rem}
        .drawing{overflow-x:auto}svg{display:block;max-width:100%;height:auto}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(320px,1fr));gap:1.2rem 20px}.pair figure{margin:.6rem 0}
        code{font:.86em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.2rem;font-size:.9rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
        @media screen and (max-width:640px){
        body{padding:1.5rem 16px 3rem}h2{margin-top:2.4rem}caption,figcaption{max-width:calc(100vw - 32px)}
        .drawing>svg[viewBox^="0 0 8"]{min-width:680px}
        tbody tr>:first-child{position:sticky;left:0;z-index:1;padding-right:.7rem;max-width:9.5rem;white-space:normal}
        tbody tr:not(.strong)>:first-child{background:var(--bg)}
        }
        @page{size:A4;margin:16mm 15mm}
        @media print{body{max-width:none;padding:0;font-size:10.5pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}nav{display:none}.cards{grid-template-columns:repeat(4,1fr)}.cards b{font-size:1.35rem}.short{break-inside:avoid}h2{margin-top:1.6rem}.table,.drawing{overflow:visible}table{font-size:8pt}th,td{padding:.25rem .35rem}}
        """;

    static string Numbered() => string.Concat(Enumerable.Range(1, 8)
        .Select(c => $".s{c}{{stroke:var(--c{c})}}.f{c}{{fill:var(--c{c})}}"));
}
