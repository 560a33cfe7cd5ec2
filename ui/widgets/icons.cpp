// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

/// The resources are part of a static library: without this the linker leaves them out.
static void loadResources()
{
    Q_INIT_RESOURCE(mooring);
}

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

QString fileName(Symbol symbol)
{
    static const QHash<Symbol, QString> names{
        {Symbol::Add, u"add"_s},     {Symbol::Menu, u"menu"_s},       {Symbol::Search, u"search"_s},
        {Symbol::Check, u"check"_s}, {Symbol::Dash, u"dash"_s},       {Symbol::Warning, u"warning"_s},
        {Symbol::Error, u"error"_s}, {Symbol::Key, u"key"_s},         {Symbol::Link, u"link"_s},
        {Symbol::Copy, u"copy"_s},   {Symbol::Refresh, u"refresh"_s}, {Symbol::Back, u"back"_s},
        {Symbol::Close, u"close"_s}, {Symbol::Browser, u"browser"_s}, {Symbol::More, u"more"_s},
    };
    return u":/mooring/icons/"_s + names.value(symbol) + u".svg"_s;
}

class SymbolEngine final : public QIconEngine {
public:
    SymbolEngine(Symbol symbol, QPalette::ColorRole role)
        : m_symbol(symbol)
        , m_role(role)
    {
    }

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        paintSymbol(painter, rect, m_symbol, QGuiApplication::palette().color(group, m_role));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap image(size);
        image.fill(Qt::transparent);
        QPainter painter(&image);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return image;
    }

    QIconEngine *clone() const override { return new SymbolEngine(*this); }

private:
    Symbol m_symbol;
    QPalette::ColorRole m_role;
};

} // namespace

QIcon icon(Symbol symbol, QPalette::ColorRole role)
{
    return QIcon(new SymbolEngine(symbol, role));
}

void paintSymbol(QPainter *painter, const QRectF &rect, Symbol symbol, const QColor &color)
{
    loadResources();
    QFile file(fileName(symbol));
    if (!file.open(QFile::ReadOnly)) {
        return;
    }
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    const qreal side = qMin(rect.width(), rect.height());
    QRectF square(0, 0, side, side);
    square.moveCenter(rect.center());
    renderer.render(painter, square);
}

QIcon applicationIcon()
{
    loadResources();
    return QIcon(u":/mooring/icons/mooring.svg"_s);
}

} // namespace mooring::ui
