// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/statuscolors.h"

#include <array>
#include <cmath>

namespace mooring::ui {

using text::Tone;

namespace {

double luminance(const QColor &color)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QColor hsl(double hue, double saturation, double lightness)
{
    return QColor::fromHslF(static_cast<float>(hue / 360.0), static_cast<float>(saturation),
                            static_cast<float>(lightness));
}

double hueOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return 150;
    case Tone::Attention:
        return 42;
    case Tone::Bad:
        return 355;
    case Tone::Neutral:
        return 210;
    }
    return 210;
}

} // namespace

double contrast(const QColor &a, const QColor &b)
{
    const double first = luminance(a) + 0.05;
    const double second = luminance(b) + 0.05;
    return first > second ? first / second : second / first;
}

QColor mixed(const QColor &a, const QColor &b, double amount)
{
    const auto part = [amount](float from, float to) {
        return static_cast<float>(from + (to - from) * amount);
    };
    return QColor::fromRgbF(part(a.redF(), b.redF()), part(a.greenF(), b.greenF()),
                            part(a.blueF(), b.blueF()));
}

QColor readable(const QColor &color, const QColor &background, double ratio)
{
    const QColor end = luminance(background) > 0.18 ? QColor(Qt::black) : QColor(Qt::white);
    for (int step = 0; step < 20; ++step) {
        const QColor candidate = mixed(color, end, step / 20.0);
        if (contrast(candidate, background) >= ratio) {
            return candidate;
        }
    }
    return end;
}

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

bool isHighContrast(const QPalette &palette)
{
    return contrast(palette.color(QPalette::Window), palette.color(QPalette::WindowText)) > 20;
}

StatusColors statusColors(Tone tone, const QPalette &palette)
{
    const QColor window = palette.color(QPalette::Window);
    const double hue = hueOf(tone);
    const bool neutral = tone == Tone::Neutral;
    if (isHighContrast(palette)) {
        const QColor text = palette.color(QPalette::Text);
        return {palette.color(QPalette::Base), text, readable(hsl(hue, neutral ? 0.0 : 1.0, 0.5), window)};
    }
    if (isDark(palette)) {
        const QColor fill = neutral
                                ? mixed(palette.color(QPalette::Base), palette.color(QPalette::Text), 0.13)
                                : mixed(palette.color(QPalette::Base), hsl(hue, 0.7, 0.36), 0.3);
        const QColor text = neutral ? palette.color(QPalette::Text) : hsl(hue, 0.6, 0.72);
        return {fill, readable(mixed(text, fill, neutral ? 0.22 : 0.0), fill),
                readable(hsl(hue, neutral ? 0.08 : 0.55, 0.66), window, 3)};
    }
    const QColor fill = neutral ? mixed(palette.color(QPalette::Base), hsl(hue, 0.25, 0.45), 0.14)
                                : hsl(hue, tone == Tone::Good ? 0.45 : 0.9, tone == Tone::Bad ? 0.945 : 0.91);
    const QColor text = hsl(hue, neutral ? 0.15 : 0.85, neutral ? 0.34 : 0.26);
    return {fill, readable(text, fill), readable(hsl(hue, neutral ? 0.08 : 0.75, 0.33), window, 3)};
}

ButtonColors accentColors(const QPalette &palette)
{
    const QColor highlight = palette.color(QPalette::Highlight);
    if (isHighContrast(palette)) {
        return {highlight, readable(palette.color(QPalette::HighlightedText), highlight)};
    }
    if (isDark(palette)) {
        const QColor text = mixed(palette.color(QPalette::Base), Qt::black, 0.5);
        return {readable(highlight, text, 7), text};
    }
    return {readable(highlight, Qt::white, 5), Qt::white};
}

QColor accentLine(const QPalette &palette)
{
    return readable(palette.color(QPalette::Highlight), palette.color(QPalette::Window), 3);
}

QColor mutedText(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::WindowText);
    if (isHighContrast(palette)) {
        return text;
    }
    const QColor window = palette.color(QPalette::Window);
    return readable(mixed(text, window, isDark(palette) ? 0.36 : 0.42), window, 4.6);
}

QColor hairline(const QPalette &palette)
{
    const QColor text = palette.color(QPalette::WindowText);
    return isHighContrast(palette) ? text : mixed(palette.color(QPalette::Window), text, 0.13);
}

QColor cardFill(const QPalette &palette)
{
    return palette.color(QPalette::Base);
}

QColor selectedRow(const QPalette &palette)
{
    const QColor highlight = palette.color(QPalette::Highlight);
    return isHighContrast(palette)
               ? highlight
               : mixed(palette.color(QPalette::Base), highlight, isDark(palette) ? 0.22 : 0.14);
}

QColor avatarColor(const QString &name)
{
    static constexpr std::array<QRgb, 9> colors{0x5b5fd6, 0xb54a34, 0x2b7a5f, 0x86691c, 0x7a49a0,
                                                0x3f607c, 0x9a3757, 0x2a6aad, 0x5d6b2a};
    // FNV-1a: the same name has the same colour on every machine.
    quint32 hash = 2166136261U;
    const QByteArray bytes = name.toLower().toUtf8();
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<quint8>(byte)) * 16777619U;
    }
    return QColor::fromRgb(colors.at(hash % colors.size()));
}

} // namespace mooring::ui
